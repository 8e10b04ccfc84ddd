/** Names of files come from strangers, end in headers and on agents' disks. */

/** With the underscore a device's name gets, and an extension, well below what file systems take. */
const mostCharacters = 120

/**
 * NFKC first: it makes of `／` and `．` what they look like, which then is dealt with. Characters that cannot be seen go:
 * controls, directions that turn `gpj.exe` round, zero-width ones that slip past a list of extensions.
 */
export function cleanFileName(name: string | null, fallback = 'file'): string {
  const visible = (name ?? '')
    .toWellFormed()
    .normalize('NFKC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Variation_Selector}\u115f\u1160\u2800\ufffd]/gu, '')
    // Once more: what was kept apart by something invisible may have come together.
    .normalize('NFKC')
  // Hidden on Unix in front, cut off by Windows behind.
  const short = shorten(visible.replace(/[<>:"/\\|?*]/gu, '_').replace(/\s+/gu, ' ')).replace(/^[. ]+|[. ]+$/gu, '')
  if (short === '') return fallback
  return /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu.test(short) ? `_${short}` : short
}

/** Keeps the end: it says what the file is. */
function shorten(name: string): string {
  const characters = [...name]
  if (characters.length <= mostCharacters) return name
  const dot = characters.lastIndexOf('.')
  const extension = dot > 0 && characters.length - dot <= 16 ? characters.slice(dot) : []
  return [...characters.slice(0, mostCharacters - extension.length), ...extension].join('')
}

/**
 * The name a known kind of file is saved under ends as that kind does: a picture that is also a script and calls itself
 * `x.html` is saved as `x.html.gif`.
 */
export function withExtension(name: string, mimeType: string): string {
  const fitting = extensions[mimeType]
  if (!fitting || fitting.some((extension) => name.toLowerCase().endsWith(extension))) return name
  return name + fitting[0]
}

const extensions: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'image/jpeg': ['.jpg', '.jpeg', '.jfif', '.jpe'],
  'image/png': ['.png', '.apng'],
  'image/webp': ['.webp'],
  'image/gif': ['.gif'],
  'image/avif': ['.avif'],
  'video/mp4': ['.mp4', '.m4v'],
  'video/webm': ['.webm'],
  'audio/ogg': ['.ogg', '.oga', '.opus'],
  'audio/mpeg': ['.mp3'],
  'audio/mp4': ['.m4a', '.mp4'],
  'application/pdf': ['.pdf'],
  'text/plain': ['.txt', '.log', '.csv', '.tsv', '.md', '.json'],
}

/** RFC 6266, with the name twice: as ASCII for what knows no better, and in full. */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]/gu, '_').replace(/["\\%]/gu, '_')
  const full = encodeURIComponent(name).replace(/['()*]/gu, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${full}`
}
