/**
 * Who may read a post. https://docs.joinmastodon.org/entities/Status/#visibility, read 2026-11-24
 *
 * `public`, `unlisted` and `private` (followers) have an audience we do not choose: the public surface, and the answer
 * keeps the word. Only `direct` stands between the people named in it. A word we do not know is taken for `direct`: an
 * answer may be read by too few people, never by too many.
 */
import type { Surface } from '#channel/events.ts'

export type Visibility = 'public' | 'unlisted' | 'private' | 'direct'

export const surfaceOf = (visibility: string): Surface => (isOpen(visibility) ? 'public' : 'direct')

/** Of an answer: the parent's, and never more open than the thread it stands in. */
export function visibilityOfAnswer(parent: string, surface: Surface): Visibility {
  return surface === 'public' && isOpen(parent) ? parent : 'direct'
}

function isOpen(visibility: string): visibility is Visibility {
  return visibility === 'public' || visibility === 'unlisted' || visibility === 'private'
}
