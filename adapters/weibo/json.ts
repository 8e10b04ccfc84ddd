/** JSON as Weibo writes it: with ids up to 2^63, which JavaScript's numbers would round. */

/** The deepest real answer is a retweet's user's badge. Far deeper is an attack on recursion. */
const maxDepth = 100

export class NotJson extends Error {
  override readonly name = 'NotJson'
}

/** Whole numbers that do not fit become text. Throws {@link NotJson}, whose message quotes nothing. */
export function parseJson(text: string): unknown {
  if (depthOf(text) > maxDepth) throw new NotJson('nested too deeply')
  try {
    return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown)
  } catch {
    throw new NotJson('no JSON') // The parser's own message quotes the text.
  }
}

/** Throws {@link NotJson}. */
export function parseBytes(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new NotJson('no UTF-8')
  }
  return parseJson(text)
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source ?? ''
  return /^-?\d+$/u.test(source) ? source : value
}

/** Deepest nesting of brackets outside strings, in one pass and without recursion. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (inString) {
      if (code === 0x5c) at += 1
      else if (code === 0x22) inString = false
    } else if (code === 0x22) inString = true
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth)
    else if (code === 0x5d || code === 0x7d) depth -= 1
  }
  return deepest
}
