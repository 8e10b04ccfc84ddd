/** Is this echo what we sent? X puts names at its head, shortens links and composes letters; spaces may change. */
import { linksIn } from '#channel/x-length.ts'

export function sameText(ours: string, theirs: string): boolean {
  return core(ours) === core(theirs)
}

function core(text: string): string {
  const plain = text.normalize('NFC').replace(/^(?:@\w{1,50}\s+)+/u, '')
  let rest = ''
  let at = 0
  for (const [start, end] of linksIn(plain)) {
    // Their address may be another one: t.co, with or without https, with a slash at the end.
    rest += `${plain.slice(at, start)}\u{fffc}`
    at = end
  }
  return (rest + plain.slice(at)).replaceAll(/\s+/gu, ' ').trim()
}
