/** What is new in a feed, and what was changed, by what was seen before. */
import type { InboundEvent } from '#channel/events.ts'
import { type Cursor, maxSeen, type Seen } from './cursor.ts'
import { readDate } from './dates.ts'
import { mark } from './ids.ts'
import { readItem } from './item.ts'
import { changedAt, identify, messageOf, sentAtOf } from './parse.ts'
import type { Item, Payload } from './types.ts'

/** Beyond that the rest waits for the next read. */
const maxFresh = 200
const maxFirst = 50

export interface News {
  readonly events: readonly InboundEvent[]
  readonly seen: readonly Seen[]
  readonly reuses: boolean
  /** Some are left for the next read. */
  readonly more: boolean
}

/** `first`: nothing was seen before, so everything is old, but for the newest ones where the settings say so. */
export function findNews(
  payloads: readonly Payload[],
  before: Pick<Cursor, 'seen' | 'reuses'> | null,
  { now, first }: { readonly now: Date; readonly first: 'nothing' | 'latest' },
): News {
  const known = new Map(
    (before?.seen ?? []).flatMap((seen) => [
      [seen.content, seen] as const,
      ...(seen.own === '-' ? [] : [[seen.own, seen] as const]),
    ]),
  )
  const items = payloads.map((payload) => look(payload, readItem(payload), now))
  const reuses = before?.reuses === true || usesTwice(items)
  const here = new Map<string, Seen>()
  const fresh: Looked[] = []
  const edited: Looked[] = []
  for (const looked of items) {
    // Twice in one document: the first one counts.
    if (here.has(looked.seen.content)) continue
    const old = (reuses ? undefined : known.get(looked.seen.own)) ?? known.get(looked.seen.content)
    const another = old !== undefined && isAnother(old, looked.seen)
    const by = reuses || another ? 'content' : 'own'
    if (!old || another) fresh.push({ ...looked, seen: { ...looked.seen, by } })
    // An id made of the title changes with it: the core would take such an edit for another item.
    else if (isEdited(old, looked) && (old.by === 'own' || old.content === looked.seen.content))
      edited.push({ ...looked, seen: { ...looked.seen, by: old.by } })
    here.set(looked.seen.content, { ...looked.seen, by: old && !another ? old.by : by })
  }
  // Feeds begin with the newest, and have no dates when they like.
  fresh.reverse().sort((a, b) => a.at.getTime() - b.at.getTime())
  const taken = before === null ? (first === 'latest' ? fresh.slice(-maxFirst) : []) : fresh.slice(0, maxFresh)
  const left = before === null ? [] : fresh.slice(maxFresh)
  for (const { seen } of left) here.delete(seen.content)
  const contents = new Set(here.keys())
  const owns = new Set([...here.values()].map(({ own }) => own))
  // What fell out of the feed may come back: sites reorder, and show old items again when a new one is taken away.
  const gone = (before?.seen ?? []).filter(
    ({ content, own }) => !contents.has(content) && (reuses || own === '-' || !owns.has(own)),
  )
  return {
    events: [
      ...taken.map((one): InboundEvent => ({ type: 'message', message: messageOf(named(one), now) })),
      ...edited.map(
        (one): InboundEvent => ({
          type: 'edited',
          message: messageOf(named(one), now),
          editedAt: changedAt(one.item, now) ?? now,
        }),
      ),
    ],
    seen: [...here.values(), ...gone].slice(0, maxSeen),
    reuses,
    more: left.length > 0,
  }
}

interface Looked {
  readonly payload: Payload
  readonly item: Item
  readonly seen: Seen
  readonly at: Date
  readonly changed: boolean
}

function look(payload: Payload, item: Item, now: Date): Looked {
  const { own, byContent } = identify(payload, item)
  // Without tags: addresses of pictures are signed anew for every reader.
  const plain =
    `${item.title?.value ?? ''}\n${(item.body?.value ?? '').slice(0, 200_000).replace(/<[^<>]*>/gu, ' ')}`.replace(
      /\s+/gu,
      ' ',
    )
  return {
    payload,
    item,
    at: sentAtOf(item, now),
    changed: changedAt(item, now) !== null,
    seen: {
      own: own === null ? '-' : mark(own),
      content: mark(byContent),
      text: mark(plain),
      words: mark(plain.replace(/\d+/gu, '')),
      link: mark(item.link ?? ''),
      date: (readDate(item.published)?.getTime() ?? 0).toString(36),
      by: 'own',
    },
  }
}

const named = ({ payload, seen }: Looked): Payload => ({ ...payload, idBy: seen.by })

/** One id on two different items of one document. */
function usesTwice(items: readonly Looked[]): boolean {
  const contentOf = new Map<string, string>()
  return items.some(({ seen: { own, content } }) => {
    if (own === '-') return false
    const other = contentOf.get(own)
    contentOf.set(own, content)
    return other !== undefined && other !== content
  })
}

/** The same id with another link and another date: the feed gave it to something else. */
const isAnother = (old: Seen, seen: Seen) =>
  old.content !== seen.content && old.link !== seen.link && old.date !== seen.date

/** Figures alone (so many have read this) are no edit, unless the feed says that it was changed. */
const isEdited = (old: Seen, { seen, changed }: Looked) =>
  old.text !== seen.text && (changed || old.words !== seen.words)
