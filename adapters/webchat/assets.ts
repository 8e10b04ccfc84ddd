/** The widget's files as a browser takes them: types stripped, compressed once, under an address that names their content. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { gzipSync } from 'node:zlib'

export interface Asset {
  readonly type: string
  readonly body: Buffer
  readonly gzip: Buffer
  readonly etag: string
}

export interface Assets {
  /** Changes with any of the files. */
  readonly version: string
  readonly files: ReadonlyMap<string, Asset>
}

const folder = new URL('./widget/', import.meta.url)
let loaded: Assets | null = null

export function widgetAssets(): Assets {
  loaded ??= load()
  return loaded
}

function load(): Assets {
  const files = new Map<string, Asset>()
  const whole = createHash('sha256')
  for (const name of readdirSync(folder).toSorted()) {
    const isScript = name.endsWith('.ts')
    if (!isScript && !name.endsWith('.css')) continue
    const source = readFileSync(new URL(name, folder), 'utf8')
    const body = Buffer.from(isScript ? tighten(strip(source)) : source)
    const hash = createHash('sha256').update(body).digest('base64url')
    whole.update(name).update(hash)
    const type = `text/${isScript ? 'javascript' : 'css'}; charset=utf-8`
    files.set(name, { type, body, gzip: gzipSync(body, { level: 9 }), etag: `"${hash.slice(0, 27)}"` })
  }
  return { version: whole.digest('base64url').slice(0, 16), files }
}

/** Node says once that this is young; what is stripped here is what Node itself runs us by. */
function strip(source: string): string {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return stripTypeScriptTypes(source)
  } finally {
    process.emitWarning = emitWarning
  }
}

/** Stripping leaves spaces in the place of types. No line of the widget's begins or ends inside of a text. */
const tighten = (code: string) => code.replaceAll(/[ \t]+$/gmu, '').replaceAll(/\n{2,}/gu, '\n')
