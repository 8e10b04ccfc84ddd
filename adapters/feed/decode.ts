/** Bytes to text, by what they begin with, the HTTP header, and the XML declaration, in this order. */

/** [U] beyond labels: `gb2312` is read as GBK and `big5` with its Hong Kong letters, as the encoding standard says. */
export function decode(bytes: Uint8Array, contentType: string | null): string {
  const mark = byteOrderMark(bytes)
  const header = /charset\s*=\s*["']?([\w.:-]+)/iu.exec(contentType ?? '')?.[1] ?? null
  const declared = declaration(bytes)
  if (mark) return read(bytes, mark, false) ?? ''
  // A server that calls every file UTF-8 is believed only when that is true.
  for (const label of [header, declared, 'utf-8']) {
    const text = label === null ? null : read(bytes, label, true)
    if (text !== null) return text
  }
  return read(bytes, declared ?? header ?? 'utf-8', false) ?? read(bytes, 'utf-8', false) ?? ''
}

function byteOrderMark(bytes: Uint8Array): string | null {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : null
}

/** Every encoding a feed is likely to be in writes these letters as ASCII does. */
function declaration(bytes: Uint8Array): string | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 400))
  return /^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/iu.exec(head)?.[1] ?? null
}

/** Null: no such encoding, or, when it is `fatal`, not in it. */
function read(bytes: Uint8Array, label: string, fatal: boolean): string | null {
  try {
    return new TextDecoder(label, { fatal }).decode(bytes)
  } catch {
    return null
  }
}
