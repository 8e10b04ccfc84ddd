/** The words of an answer: the mention that makes it arrive, and the warning that was above the question. */

/** `@`, the longest name a Mastodon server gives (30), a space. The domain is not counted. */
export const mentionReserve = 32
/** What is kept of a content warning. */
export const warningReserve = 68

/**
 * An answer reaches its person by a mention alone, `in_reply_to_id` is not enough; put in front unless the agent wrote it.
 * https://docs.joinmastodon.org/user/posting/#mentions, read 2026-11-24
 */
export function withMention(text: string, acct: string): string {
  const written = text.matchAll(/(?<![\w/@])@([\w.-]+(?:@[\w.-]+)?)/giu)
  // A full stop may end the sentence, not the name.
  if ([...written].some(([, name = '']) => name.replace(/[.-]+$/u, '').toLowerCase() === acct.toLowerCase()))
    return text
  return text === '' ? `@${acct}` : `@${acct} ${text}`
}

export function keptWarning(warning: string): string {
  const graphemes = [...segmenter.segment(warning.trim())].map(({ segment }) => segment)
  return graphemes.length <= warningReserve ? graphemes.join('') : `${graphemes.slice(0, warningReserve - 1).join('')}…`
}

/** Is this post that answer? Servers put links into HTML and lose spaces. */
export function isSameText(ours: string, theirs: string, acct: string): boolean {
  const bare = (text: string) =>
    text
      .replaceAll(/(?<![\w/@])@([\w.-]+)(?:@[\w.-]+)?/giu, '@$1')
      .normalize('NFC')
      .replaceAll(/\s+/gu, '')
  return bare(withMention(ours, acct)) === bare(theirs)
}

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })
