/** Signatures and the sealed part of a call: https://developer.work.weixin.qq.com/document/path/90968, as known on 2026-11-24 */
import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto'

/** SHA-1 over the sorted parts. */
export function signatureOf(parts: readonly string[]): string {
  return createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')
}

/** The time it takes tells nothing: hashes of both have one length. */
export function isSame(given: string, right: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(right))
}

/** Random bytes, the length in four bytes, the message, whom it is for; filled up to blocks of 32. */
const randomBytes = 16
const blockBytes = 32

/** Null: it was not sealed with this key. `encodingAesKey` are 43 characters of base64 without its end. */
export function open(sealed: string, encodingAesKey: string): { message: string; receiver: string } | null {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const bytes = Buffer.from(sealed, 'base64')
  if (key.length !== 32 || bytes.length === 0 || bytes.length % 16 !== 0) return null
  // Node's own unpadding refuses more than a block of AES, 16.
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()])
  const fill = padded.at(-1) ?? 0
  if (fill < 1 || fill > blockBytes || fill > padded.length) return null
  if (!padded.subarray(-fill).every((byte) => byte === fill)) return null
  const plain = padded.subarray(0, padded.length - fill)
  const start = randomBytes + 4
  if (plain.length < start) return null
  const end = start + plain.readUInt32BE(randomBytes)
  if (end > plain.length) return null
  return { message: plain.subarray(start, end).toString('utf8'), receiver: plain.subarray(end).toString('utf8') }
}
