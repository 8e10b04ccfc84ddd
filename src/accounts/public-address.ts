/** Which addresses an URL from a message may lead to: those of the public internet, and no others. */
import { BlockList, isIP } from 'node:net'

/** IPv4 outside the public internet. https://www.iana.org/assignments/iana-ipv4-special-registry, read 2026-11-22 */
const inward4 = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8], // "this host": Linux connects 0.0.0.0 to loopback
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier-grade NAT; cloud metadata at Alibaba (100.100.100.200)
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local; cloud metadata at most others
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3], // multicast, reserved, broadcast
] as const) {
  inward4.addSubnet(network, prefix, 'ipv4')
}

/** IPv6 is the other way round: global unicast is one block, so everything else (::1, fc00::, fe80::, …) is inward. */
const unicast6 = new BlockList()
unicast6.addSubnet('2000::', 3, 'ipv6')
const inward6 = new BlockList()
for (const [network, prefix] of [
  ['2001::', 23], // protocol assignments: Teredo and others that wrap an IPv4 address
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4 wraps an IPv4 address
  ['3fff::', 20],
] as const) {
  inward6.addSubnet(network, prefix, 'ipv6')
}

/** `address` is an IP address as `net` writes it; anything else is not public. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !inward4.check(address, 'ipv4')
    case 6:
      // A zone (fe80::1%eth0) is only ever link-local.
      return !address.includes('%') && unicast6.check(address, 'ipv6') && !inward6.check(address, 'ipv6')
    default:
      return false
  }
}
