/**
 * Names in `tools.state`. Every longer string there is taken for a token, and blotted out of logs and of what an administrator
 * reads; so a name is kept in short pieces.
 */
const longest = 12

export function inPieces(text: string): string[] {
  return text.match(new RegExp(`[^]{1,${longest}}`, 'gu')) ?? []
}

export const joined = (pieces: readonly string[]): string => pieces.join('')
