import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What the built desk is made of. */
const sources = [
  'web/index.html',
  'web/vite.config.ts',
  'web/words-plugin.ts',
  'web/first-words.ts',
  'web/tsconfig.json',
  'tsconfig.json',
  'web/public',
  'web/src',
  'src/wire.ts',
  'src/channel',
  'package-lock.json',
]

/** By content, not by time: a fresh clone has new times everywhere. */
export async function hashSources(root: string): Promise<string> {
  const hash = createHash('sha256')
  for (const path of sources) {
    for (const file of await filesBelow(join(root, path))) {
      hash
        .update(file.slice(root.length))
        .update('\0')
        .update(await readFile(file))
        .update('\0')
    }
  }
  return hash.digest('hex').slice(0, 16)
}

async function filesBelow(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null)
  if (!found) return []
  if (!found.isDirectory()) return [path]
  const entries = await readdir(path, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
