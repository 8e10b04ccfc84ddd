/** Quick replies in the composer: which are found, which is marked, and putting one in. */
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, type RefObject, useMemo, useState } from 'react'
import { brandsQuery, channelsQuery, quickRepliesQuery } from '../api/queries.ts'
import type { QuickReply } from '../api/wire.ts'
import { customerSideQuery } from '../automatic/api.ts'
import type { ComposerState } from '../composer/use-composer.ts'
import { useMe } from '../shell/use-me.ts'
import { useMessages } from '../thread/use-messages.ts'
import { fill, textFor } from './fill.ts'
import { findQuick, type Slash, slashAt } from './slash.ts'

export interface Quick {
  /** Null: the list is not open. */
  readonly slash: Slash | null
  readonly found: readonly QuickReply[]
  readonly none: boolean
  readonly marked: number
  textOf(reply: QuickReply): string
  pick(reply: QuickReply): void
  mark(index: number): void
  /** The caret or the text is somewhere else now. */
  look(): void
  /** True: the press was the list's. */
  onKey(event: KeyboardEvent): boolean
}

export function useQuick(
  composer: Pick<ComposerState, 'ticket' | 'language'>,
  field: RefObject<HTMLTextAreaElement | null>,
  put: (text: string) => void,
): Quick {
  const me = useMe()
  const { ticket, language } = composer
  const [slash, setSlash] = useState<Slash | null>(null)
  const [marked, setMarked] = useState(0)
  /** Where the list was sent away: it stays away there. */
  const [away, setAway] = useState<number | null>(null)
  const { data: replies } = useQuery({ ...quickRepliesQuery, enabled: slash !== null })
  const { data: brands } = useQuery(brandsQuery)
  const { data: channels } = useQuery(channelsQuery)
  const { data: customer } = useQuery(customerSideQuery(ticket.id))
  const { messages } = useMessages(ticket.id)
  const ofBrand = useMemo(
    () => replies?.filter(({ brandId }) => brandId === null || brandId === ticket.brandId) ?? [],
    [replies, ticket.brandId],
  )
  const found = useMemo(() => (slash ? findQuick(ofBrand, slash.query).slice(0, 50) : []), [ofBrand, slash])
  const none = slash?.query === '' && replies !== undefined && ofBrand.length === 0
  const isOpen = slash !== null && slash.start !== away && (found.length > 0 || none)

  const customersWords = messages.findLast(({ direction }) => direction === 'inbound')?.text ?? ''
  /** In the language the text comes in. */
  const titleOf = (reply: QuickReply) => {
    const title = channels?.find(({ channel }) => channel === ticket.channel)?.title
    if (!title) return null
    return textFor(reply, customersWords, language) === reply.en ? title.en : title.zh
  }
  const textOf = (reply: QuickReply) =>
    fill(textFor(reply, customersWords, language), {
      customer: ticket.contact.name,
      ticket: `#${ticket.number}`,
      agent: me.name,
      brand: brands?.find(({ id }) => id === ticket.brandId)?.name ?? null,
      account: ticket.contact.handle,
      channel: titleOf(reply),
      ...ticket.together.values,
      code: customer?.code ?? null,
    })

  function look() {
    const element = field.current
    if (!element) return
    const { value, selectionStart, selectionEnd } = element
    const next = selectionStart === selectionEnd ? slashAt(value, selectionStart) : null
    if (next?.start === slash?.start && next?.query === slash?.query) return
    setSlash(next)
    setMarked(0)
    if (next?.start !== away) setAway(null)
  }

  function pick(reply: QuickReply) {
    const element = field.current
    if (!element || !slash) return
    element.focus()
    element.setSelectionRange(slash.start, slash.start + 1 + slash.query.length)
    const text = textOf(reply)
    // So that it can be undone like what was typed; where the browser does not do it, the text is put in anyway.
    if (!document.execCommand('insertText', false, text)) {
      element.setRangeText(text, element.selectionStart, element.selectionEnd, 'end')
      put(element.value)
    }
    setSlash(null)
  }

  function onKey(event: KeyboardEvent): boolean {
    if (!isOpen || event.ctrlKey || event.metaKey || event.altKey) return false
    if (event.key === 'Escape') setAway(slash.start)
    else if (found.length === 0) return false
    else if (event.key === 'ArrowDown') setMarked((marked + 1) % found.length)
    else if (event.key === 'ArrowUp') setMarked((marked + found.length - 1) % found.length)
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) pick(found[marked] ?? found[0]!)
    else return false
    event.preventDefault()
    return true
  }

  return { slash: isOpen ? slash : null, found, none, marked, textOf, pick, mark: setMarked, look, onKey }
}
