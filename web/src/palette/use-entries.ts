/** Everything the palette offers for some words: commands of this page, views, conversations, settings. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { request } from '../api/request.ts'
import type { MentionPage, TicketPage } from '../api/wire.ts'
import { macrosQuery, runMacro } from '../bulk/api.ts'
import { useSavedViews } from '../inbox/use-saved-views.ts'
import { readInboxSearch, viewIcons, viewNames } from '../inbox/views.ts'
import { available, bindings, commands, run } from '../keyboard/commands.ts'
import { usePreferences } from '../preferences/preferences.ts'
import { pagesFor } from '../settings/pages.ts'
import { useMe } from '../shell/use-me.ts'
import type { IconName } from '../ui/icons.ts'
import { type Entry, matching } from './match.ts'

export interface PaletteEntry extends Entry {
  readonly icon: IconName
  readonly aside?: string
  readonly key?: string
  readonly go: () => void
}
export interface PaletteGroup {
  readonly title: 'commands' | 'macros' | 'views' | 'work' | 'tickets' | 'mentions' | 'settings'
  readonly entries: readonly PaletteEntry[]
}

/** `asked`: what was written, a moment after the last key. */
export function useEntries(query: string, asked: string) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const me = useMe()
  const { keys } = usePreferences()
  const saved = useSavedViews()
  // As the page was when the palette opened: behind a dialog nothing else can be done.
  const [here] = useState(available)
  const words = asked.trim()
  const tickets = useQuery({
    queryKey: ['palette', words],
    queryFn: ({ signal }) =>
      request<TicketPage>(`/api/tickets?${new URLSearchParams({ q: words.slice(0, 200), limit: '8' })}`, { signal }),
    enabled: words !== '',
    staleTime: 10_000,
  })
  const mentions = useQuery({
    queryKey: ['palette', 'mentions', words],
    queryFn: ({ signal }) =>
      request<MentionPage>(`/api/mentions?${new URLSearchParams({ q: words.slice(0, 200), limit: '5' })}`, { signal }),
    enabled: words !== '',
    staleTime: 10_000,
  })
  const { ticketId } = useParams({ strict: false })
  const { data: macros = [] } = useQuery({ ...macrosQuery, enabled: ticketId !== undefined })
  const bound = bindings(keys)
  const groups: PaletteGroup[] = [
    {
      title: 'commands',
      entries: matching(
        here.map((id) => ({
          id: `command-${id}`,
          words: t(`commands.${id}`),
          icon: commands[id].icon,
          key: bound[id],
          go: () => void run(id),
        })),
        query,
      ),
    },
    {
      title: 'macros',
      entries:
        ticketId === undefined
          ? []
          : matching(
              macros.map((macro) => ({
                id: `macro-${macro.id}`,
                words: macro.name,
                icon: 'macro' as const,
                go: () => void runMacro(macro, ticketId),
              })),
              query,
            ),
    },
    {
      title: 'views',
      entries: matching(
        [
          ...viewNames.map((view) => ({
            id: `view-${view}`,
            words: t(`view.${view}`),
            icon: viewIcons[view],
            go: () => void navigate({ to: '/inbox/$view', params: { view }, search: {} }),
          })),
          ...saved.map((one) => ({
            id: `saved-${one.id}`,
            words: one.name,
            icon: one.shared ? ('people' as const) : ('filter' as const),
            go: () =>
              void navigate({
                to: '/inbox/$view',
                params: { view: one.view },
                search: readInboxSearch(one.search),
              }),
          })),
        ],
        query,
      ),
    },
    {
      title: 'work',
      entries: matching(
        [
          { to: '/mentions' as const, title: 'mentions.title' as const, icon: 'ear' as const },
          { to: '/tasks' as const, title: 'task.title' as const, icon: 'clock' as const },
          { to: '/imports' as const, title: 'imports.open' as const, icon: 'upload' as const },
        ].map(({ to, title, icon }) => ({
          id: `work-${to.slice(1)}`,
          words: t(title),
          icon,
          go: () => void navigate({ to, search: {} }),
        })),
        query,
      ),
    },
    {
      title: 'tickets',
      entries:
        words === '' || query.trim() === ''
          ? []
          : (tickets.data?.tickets ?? []).map((ticket) => ({
              id: `ticket-${ticket.id}`,
              words: ticket.contact.name,
              aside: `#${ticket.number} · ${t(`status.${ticket.status}`)} · ${ticket.preview}`,
              icon: 'inbox' as const,
              go: () =>
                void navigate({
                  to: '/inbox/$view/$ticketId',
                  params: { view: 'all', ticketId: ticket.id },
                  search: {},
                }),
            })),
    },
    {
      title: 'mentions',
      entries:
        words === '' || query.trim() === ''
          ? []
          : (mentions.data?.mentions ?? []).map((mention) => ({
              id: `mention-${mention.id}`,
              words: mention.message.text.slice(0, 80),
              aside: mention.message.author.name,
              icon: 'ear' as const,
              go: () => void navigate({ to: '/mentions', search: { q: words } }),
            })),
    },
    {
      title: 'settings',
      entries: matching(
        pagesFor(me).map((page) => ({
          id: `page-${page.to.replaceAll('/', '-')}`,
          words: t(page.title),
          icon: page.icon,
          go: () => void navigate({ to: page.to }),
        })),
        query,
      ),
    },
  ]
  return {
    groups: groups.filter(({ entries }) => entries.length > 0),
    isSearching: query.trim() !== '' && (tickets.isFetching || words !== query.trim()),
    error: tickets.error,
  }
}
