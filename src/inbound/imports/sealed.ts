/** Files hold people's words: they are kept sealed, like payloads. */
import type { imports } from '../../db/schema.ts'
import type { Seal } from '../../seal.ts'

type Record = Pick<typeof imports.$inferSelect, 'id' | 'fileSealed' | 'badSealed'>

export const sealBytes = (seal: Seal, id: string, bytes: Uint8Array): Buffer => seal.seal(bytes, `imports.file:${id}`)
export const sealBad = (seal: Seal, id: string, text: string): Buffer => seal.seal(text, `imports.bad:${id}`)

export function openBytes(seal: Seal, { id, fileSealed }: Record): Uint8Array {
  if (!fileSealed) throw new Error('the file is gone')
  return seal.open(fileSealed, `imports.file:${id}`)
}

export const openBad = (seal: Seal, { id, badSealed }: Record): string | null =>
  badSealed && seal.open(badSealed, `imports.bad:${id}`).toString('utf8')
