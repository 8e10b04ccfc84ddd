/** Puts a ticket or a message that an answer brought into everything that shows it. */
import type { InfiniteData } from '@tanstack/react-query'
import { keys } from '../api/keys.ts'
import type { Message, MessagePage, Ticket, TicketDetail, TicketPage } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'

export function ticketInCache(id: string): Ticket | undefined {
  const detail = queryClient.getQueryData<TicketDetail>(keys.detail(id))
  if (detail) return detail
  for (const [, data] of queryClient.getQueriesData<InfiniteData<TicketPage>>({ queryKey: keys.queues })) {
    for (const page of data?.pages ?? []) {
      const found = page.tickets.find((ticket) => ticket.id === id)
      if (found) return found
    }
  }
  return undefined
}

export function putTicket(ticket: Ticket): void {
  queryClient.setQueryData<TicketDetail>(keys.detail(ticket.id), (old) =>
    old && ticket.version >= old.version ? { ...old, ...ticket } : old,
  )
  queryClient.setQueriesData<InfiniteData<TicketPage>>({ queryKey: keys.queues }, (data) => {
    if (!data?.pages.some((page) => page.tickets.some(({ id }) => id === ticket.id))) return data
    const replace = (old: Ticket) =>
      old.id === ticket.id && ticket.version >= old.version ? { ...old, ...ticket } : old
    return { ...data, pages: data.pages.map((page) => ({ ...page, tickets: page.tickets.map(replace) })) }
  })
}

/** Its row is marked no more; what comes from now on marks it again. */
export function markRead(ticketId: string): void {
  queryClient.setQueriesData<InfiniteData<TicketPage>>({ queryKey: keys.queues }, (data) => {
    if (!data?.pages.some((page) => page.unread.includes(ticketId))) return data
    const without = (page: TicketPage) => ({ ...page, unread: page.unread.filter((id) => id !== ticketId) })
    return { ...data, pages: data.pages.map(without) }
  })
}

/** The person's new name, wherever their tickets are shown. What they wrote is read again. */
export function putContactName(contactId: string, name: string): void {
  const rename = <T extends Ticket>(ticket: T): T =>
    ticket.contact.id === contactId ? { ...ticket, contact: { ...ticket.contact, name } } : ticket
  queryClient.setQueriesData<InfiniteData<TicketPage>>(
    { queryKey: keys.queues },
    (data) => data && { ...data, pages: data.pages.map((page) => ({ ...page, tickets: page.tickets.map(rename) })) },
  )
  queryClient.setQueriesData<TicketDetail>(
    // What is read again with the details is no ticket.
    { predicate: ({ queryKey: [kind, , part, more] }) => kind === 'ticket' && part === 'detail' && more === undefined },
    (detail) => detail && rename(detail),
  )
}

/** Replaces the message, or adds it at the end: pages are newest first, messages in a page oldest first. */
export function putMessage(ticketId: string, message: Message): void {
  queryClient.setQueryData<InfiniteData<MessagePage>>(
    keys.messages(ticketId),
    (data) => data && withMessage(data, message),
  )
}

export function withMessage(data: InfiniteData<MessagePage>, message: Message): InfiniteData<MessagePage> {
  const known = data.pages.some((page) => page.messages.some(({ id }) => id === message.id))
  const pages = data.pages.map((page, index) => {
    if (known) return { ...page, messages: page.messages.map((old) => (old.id === message.id ? message : old)) }
    return index === 0 ? { ...page, messages: [...page.messages, message] } : page
  })
  return { ...data, pages }
}
