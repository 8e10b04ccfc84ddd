/** JSON whose ids may be numbers: those that JavaScript would round stay as they were written. */

const maxDepth = 100

/** Throws for what is no JSON, or nested too deeply to walk through. */
export function parseJson(text: string): unknown {
  if (depthOf(text) > maxDepth) throw new Error('nested too deeply')
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown)
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  return /^-?\d+$/u.test(context?.source ?? '') ? context?.source : value
}

function depthOf(text: string): number {
  let [depth, deepest, inString] = [0, 0, false]
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]
    if (inString && letter === '\\') at += 1
    else if (letter === '"') inString = !inString
    else if (!inString && (letter === '{' || letter === '[')) deepest = Math.max(deepest, ++depth)
    else if (!inString && (letter === '}' || letter === ']')) depth -= 1
  }
  return deepest
}
