/** One item of a feed, as it is kept and read again. */
import type { ExternalMedia } from '#channel/events.ts'

export type Format = 'rss' | 'atom' | 'rdf' | 'json'

/** What `parse` takes. `item` is as feedsmith read it, no field of it is sure to be there. */
export interface Payload {
  readonly format: Format
  readonly feed: {
    /** As in the settings, with `{key}` in the key's place. */
    readonly address: string
    readonly title: string
    /** Where relative addresses begin. */
    readonly base: string
  }
  /** `content`: the feed uses one id for several items, so the id is made of link, title and date. */
  readonly idBy: 'own' | 'content'
  readonly item: unknown
}

/** A text, and whether it is HTML. `guess`: the format does not say. */
export interface Words {
  readonly value: string
  readonly html: boolean | 'guess'
}

export interface FileRef {
  readonly url: string
  readonly kind: ExternalMedia['kind']
  readonly type: string | null
  readonly bytes: number | null
  readonly name: string | null
  readonly durationMs: number | null
}

/** An item in one shape for the four formats. Addresses are as written, relative ones too. */
export interface Item {
  readonly id: string | null
  readonly link: string | null
  readonly title: Words | null
  readonly body: Words | null
  readonly author: { readonly name: string | null; readonly uri: string | null; readonly avatar: string | null }
  readonly published: string | null
  readonly updated: string | null
  readonly files: readonly FileRef[]
  /** `xml:base` of the item. */
  readonly base: string | null
}
