/** What the simulated site has: feeds, and the posts in them, newest first. */

export type FeedFormat = 'rss' | 'atom' | 'rdf' | 'json'
export type FeedCharset = 'utf-8' | 'gbk' | 'gb18030' | 'big5'

export interface Post {
  id: string
  title: string | null
  /** HTML. */
  html: string
  author: string | null
  link: string
  /** Null: the feed gives no date. */
  published: Date | null
  updated: Date | null
  enclosures: readonly { readonly url: string; readonly type: string; readonly bytes: number }[]
}

export interface FeedOptions {
  readonly path: string
  readonly format?: FeedFormat
  readonly charset?: FeedCharset
  /** Said in the HTTP header; default the true one. Null: none, only the document says it. */
  readonly said?: string | null
  readonly title?: string
  readonly ttl?: number
  readonly skipHours?: readonly number[]
  readonly cacheControl?: string
  /** Asked for as `?key=`; without it 403. */
  readonly key?: string
}

export interface FeedState extends FeedOptions {
  readonly posts: Post[]
  /** Grows with every change. */
  version: number
  changedAt: Date
  /** What comes instead, for so many answers. */
  readonly faults: Fault[]
  /** A document as it is, in place of the posts. */
  verbatim: Uint8Array | string | null
}

export type Fault =
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
      readonly always?: true
    }
  | { readonly kind: 'cut' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'page' }

/** One answer, as a site's log has it. */
export interface Served {
  readonly path: string
  readonly query: string
  readonly status: number
  readonly ifNoneMatch: string | null
  readonly ifModifiedSince: string | null
  readonly referer: string | null
}
