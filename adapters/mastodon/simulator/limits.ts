/** The server's own counts. Numbers of the documentation, written here a second time on purpose. */

export const maxCharacters = 500
const urlLength = 23

/** A link is 23, a mention its name without the domain, a family of four one. The warning counts too. */
export function countOf(text: string, warning: string): number {
  const counted = text
    .replaceAll(/https?:\/\/\S+/gu, 'x'.repeat(urlLength))
    .replaceAll(/(?<![\w/@])(@\w+)@[\w-]+(?:\.[\w-]+)+/gu, '$1')
  return [...new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(warning + counted)].length
}

export interface Quota {
  /** Headers of the answer; `over` when this call is one too many. */
  take(now: Date): { readonly over: boolean; readonly headers: Record<string, string> }
}

export function createQuota(limit: number, windowMs: number): Quota {
  let endsAt = 0
  let used = 0
  return {
    take(now) {
      if (now.getTime() >= endsAt) {
        endsAt = now.getTime() + windowMs
        used = 0
      }
      used += 1
      return { over: used > limit, headers: rateHeaders(limit, Math.max(0, limit - used), new Date(endsAt)) }
    },
  }
}

export const rateHeaders = (limit: number, left: number, reset: Date): Record<string, string> => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(left),
  'x-ratelimit-reset': reset.toISOString(),
})
