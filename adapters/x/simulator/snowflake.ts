/** Ids of X: milliseconds, then a count. */
export function createIds(now: () => number): (at?: number) => string {
  let count = 0n
  return (at = now()) => {
    count += 1n
    return String(((BigInt(Math.floor(at)) - 1_288_834_974_657n) << 22n) + (count % 4_000_000n))
  }
}
