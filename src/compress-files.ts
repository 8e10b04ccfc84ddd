import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const compress = promisify(gzip)
/** Less is not worth a header. */
const leastBytes = 1_000

/** Puts a `.gz` beside each text of a folder: done once here, sent as it is to every browser. */
export async function compressFiles(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    if (!entry.isFile() || !/\.(?:js|css|svg)$/u.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    const text = await readFile(path)
    if (text.length >= leastBytes) await writeFile(`${path}.gz`, await compress(text, { level: 9 }))
  }
}
