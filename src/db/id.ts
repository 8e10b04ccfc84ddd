import { randomFillSync } from 'node:crypto'

const pool = new Uint8Array(16 * 256)
let used = pool.length
let lastMs = 0
let counter = 0

/**
 * A UUID version 7 (RFC 9562 §5.7): sorts by the millisecond it was made in, then by a counter within this process.
 * Ids are made here and not by the database, so that a whole batch can be linked before its first insert.
 */
export function newId(nowMs: number = Date.now()): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = pool.slice(used, used + 16)
  used += 16
  if (nowMs > lastMs) {
    lastMs = nowMs
    counter = ((bytes[6]! & 0x07) << 8) | bytes[7]!
  } else if (++counter > 0xfff) {
    lastMs += 1
    counter = 0
  }
  const ms = lastMs
  bytes[0] = Math.floor(ms / 2 ** 40)
  bytes[1] = Math.floor(ms / 2 ** 32)
  bytes[2] = Math.floor(ms / 2 ** 24)
  bytes[3] = Math.floor(ms / 2 ** 16)
  bytes[4] = Math.floor(ms / 2 ** 8)
  bytes[5] = ms
  bytes[6] = 0x70 | (counter >> 8)
  bytes[7] = counter
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
