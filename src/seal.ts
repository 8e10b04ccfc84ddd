/** Encryption at rest: AES-256-GCM, with what the value belongs to as additional data, so rows cannot be swapped. */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomFillSync } from 'node:crypto'

export interface Seal {
  /** `context` names table, column and row: `accounts.settings:<id>`. */
  seal(plain: string | Uint8Array, context: string): Buffer
  /** Throws when the key or the context differs, or a byte was changed. */
  open(sealed: Uint8Array, context: string): Buffer
  /** A keyed hash under which ids may be kept for ever without telling whose they are. 32 bytes. */
  hash(value: string): Buffer
  /** A key of 32 bytes for one other use, named by `use`: better-auth's secret, the audit chain. */
  derive(use: string): Buffer
}

const nonces = Buffer.allocUnsafe(12 * 512)
let used = nonces.length

/** From one draw for many: a draw for each took 7 µs, which is half of the sealing. */
function nextNonce(): Buffer {
  if (used === nonces.length) {
    randomFillSync(nonces)
    used = 0
  }
  used += 12
  return Buffer.from(nonces.subarray(used - 12, used))
}

/** Layout: version (1 byte), nonce (12), tag (16), ciphertext. */
const VERSION = 1

export function createSeal(secret: string): Seal {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, 'huixin', use, 32))
  // As key objects: measured 5 times (hash) and 3 times (seal) faster than giving the bytes each time.
  const encryptionKey = createSecretKey(derive('seal'))
  const hashKey = createSecretKey(derive('hash'))
  return {
    seal(plain, context) {
      const nonce = nextNonce()
      const cipher = createCipheriv('aes-256-gcm', encryptionKey, nonce)
      cipher.setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(plain as Uint8Array), cipher.final()])
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body])
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
      if (bytes[0] !== VERSION) throw new Error('sealed value of an unknown version')
      const decipher = createDecipheriv('aes-256-gcm', encryptionKey, bytes.subarray(1, 13), {
        authTagLength: 16, // without it Node takes a shorter tag too
      })
      decipher.setAAD(Buffer.from(context))
      decipher.setAuthTag(bytes.subarray(13, 29))
      return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()])
    },
    hash(value) {
      return createHmac('sha256', hashKey).update(value).digest()
    },
    derive: (use) => derive(`use:${use}`),
  }
}
