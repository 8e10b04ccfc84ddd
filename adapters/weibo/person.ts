import type { Author } from '#channel/events.ts'
import { idOf } from './ids.ts'
import type { User } from './types.ts'

/** Null without an id: then nobody can be answered. */
export function authorOf(user: User | null | undefined): Author | null {
  const externalId = user ? idOf(user) : null
  if (!user || externalId === null) return null
  const handle = user.screen_name.trim() || user.name.trim() || null
  const avatarUrl = [user.avatar_large, user.profile_image_url].find((url) => /^https?:\/\//iu.test(url)) ?? null
  const isNamed = handle === null ? { isNamed: false } : {}
  return { externalId, name: handle ?? externalId, ...isNamed, handle, avatarUrl, followers: user.followers_count }
}

export const nameOf = (user: User | null | undefined): string => authorOf(user)?.name ?? '?'

/** `Mon Jul 16 18:09:20 +0800 2012`, or seconds, or milliseconds. Null for no time. */
export function timeOf(value: string | number | undefined): Date | null {
  if (value === undefined || value === '') return null
  const number = typeof value === 'number' ? value : /^\d{9,13}$/u.test(value) ? Number(value) : null
  const date = number === null ? new Date(value) : new Date(number < 1e11 ? number * 1000 : number)
  return Number.isNaN(date.getTime()) ? null : date
}
