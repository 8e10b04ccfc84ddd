import type { Author } from '#channel/events.ts'

/** What stands around a post that is read. */
export interface Reading {
  /** Our own uid, to know our own words; null while it is not known. */
  readonly own: string | null
  /** Stands in where Weibo gives no time. */
  readonly at: Date
  /** Who a person is, where a private message tells an id alone. */
  readonly personOf?: (uid: string) => Author | null
}
