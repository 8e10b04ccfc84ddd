/** What a file is by its first bytes; null: nothing the form takes. What its sender called it counts for nothing. */
const heads: readonly (readonly [type: string, at: number, hex: string])[] = [
  ['image/jpeg', 0, 'ffd8ff'],
  ['image/png', 0, '89504e470d0a1a0a'],
  ['image/gif', 0, '47494638'],
  ['image/webp', 8, '57454250'],
  ['image/heic', 4, '6674797068656963'],
  ['application/pdf', 0, '255044462d'],
  ['video/mp4', 4, '66747970'],
]

export function fileTypeOf(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, 32)).toString('hex')
  return heads.find(([, at, hex]) => start.startsWith(hex, at * 2))?.[0] ?? null
}
