/**
 * Signatures and the sealed part of a push.
 * https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html, read 2026-11-24
 */
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

export interface Opened {
  readonly message: Uint8Array
  /** Whom it was sealed for. */
  readonly appId: string
}

/** WeChat pads to blocks of 32, not of AES's 16: Node's own unpadding refuses more than 16. */
const blockBytes = 32
const randomBytes = 16

/** Null: it was not sealed with this key. `encodingAesKey` are 43 characters of base64 without its end. */
export function open(sealed: string, encodingAesKey: string): Opened | null {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const bytes = Buffer.from(sealed, 'base64')
  if (key.length !== 32 || bytes.length === 0 || bytes.length % 16 !== 0) return null
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16))
  decipher.setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()])
  const padding = padded.at(-1) ?? 0
  if (padding < 1 || padding > blockBytes || padding > padded.length) return null
  if (!padded.subarray(-padding).every((byte) => byte === padding)) return null
  const plain = padded.subarray(0, padded.length - padding)
  if (plain.length < randomBytes + 4) return null
  const length = plain.readUInt32BE(randomBytes)
  const start = randomBytes + 4
  if (start + length > plain.length) return null
  return {
    message: plain.subarray(start, start + length),
    appId: plain.subarray(start + length).toString('utf8'),
  }
}
