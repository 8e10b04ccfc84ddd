/** Signs and seals a call, as WeCom's own description has it: written without a look at how the adapter opens it. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto'

export const sign = (...parts: string[]): string => createHash('sha1').update(parts.sort().join('')).digest('hex')

/** 16 random bytes, the length in four, the message, whom it is for; filled up to blocks of 32. */
export function seal(message: string, encodingAesKey: string, receiver: string, random = randomBytes(16)): string {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const body = Buffer.from(message)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const plain = Buffer.concat([random, length, body, Buffer.from(receiver)])
  const fill = 32 - (plain.length % 32)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(fill, fill)), cipher.final()]).toString(
    'base64',
  )
}
