/** One person's conversation: the first post and the author; a private one apart from the public one below the same post. */
import type { Surface } from '#channel/events.ts'

export function threadIdOf(root: string, author: string, surface: Surface): string {
  return surface === 'direct' ? `${root}:${author}:direct` : `${root}:${author}`
}
