/**
 * Tells somebody of what they want to be told of, once, by the one tab that reads the stream. It asks the server after
 * something happened, at most every three seconds, and once a minute: what becomes due, no event tells of.
 */
import i18next, { type TFunction } from 'i18next'
import { request } from '../api/request.ts'
import type { FreshNotices, Notice } from '../api/wire.ts'
import { isLeading, onHeard } from '../live/lead.ts'
import { createRefresher } from '../live/refresher.ts'
import { markRead } from '../notices/api.ts'
import { noticeWords } from '../notices/words.ts'
import { preferences } from '../preferences/preferences.ts'
import { addToBadge, clearBadge } from './badge.ts'
import { isQuiet, kindsOf, wants } from './rules.ts'
import { playSound, readySound } from './sound.ts'

export interface NotifierOptions {
  readonly person: string
  readonly t: TFunction
  readonly open: (notice: Notice) => void
}

const askEveryMs = 3_000
const lookEveryMs = 60_000
const remembered = 500

export function startNotifier({ person, t, open }: NotifierOptions): () => void {
  const known = new Set<string>()
  const over = new AbortController()
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`huixin.notices.${person}`)
  const eyes = `huixin.visible.${person}`
  let since: string | null = null

  async function ask() {
    if (!isLeading()) {
      since = null
      return
    }
    const rules = preferences().notify
    const kinds = kindsOf(rules)
    if (kinds.length === 0) return
    const query = new URLSearchParams({ kinds: kinds.join(',') })
    if (since) query.set('since', since)
    const { notices, at } = await request<FreshNotices>(`/api/notices/fresh?${query}`, { signal: over.signal })
    since = at
    const fresh = notices.filter((notice) => wants(rules, notice) && !known.has(notice.id))
    for (const { id } of fresh) known.add(id)
    for (const id of known) if (known.size > remembered) known.delete(id)
    if (fresh.length === 0) return
    channel?.postMessage(fresh.length)
    addToBadge(fresh.length)
    if (isQuiet(rules, new Date())) return
    if (rules.sound) playSound()
    if (rules.browser && !(await isSeen(eyes))) show(fresh, t, open)
  }

  const asking = createRefresher(ask, askEveryMs, 300)
  const stopHearing = onHeard((type) => {
    if (['message', 'delivery', 'mention', 'task', 'notice', 'reset'].includes(type)) asking.ask()
  })
  const timer = setInterval(asking.ask, lookEveryMs)
  asking.ask()
  if (channel) channel.onmessage = ({ data }) => typeof data === 'number' && addToBadge(data)
  const look = () => {
    if (document.visibilityState !== 'visible') return
    clearBadge()
    holdEyes(eyes, over.signal)
  }
  const press = () => preferences().notify.sound && readySound()
  document.addEventListener('visibilitychange', look)
  document.addEventListener('pointerdown', press)
  document.addEventListener('keydown', press)
  look()
  return () => {
    over.abort()
    stopHearing()
    clearInterval(timer)
    asking.stop()
    channel?.close()
    document.removeEventListener('visibilitychange', look)
    document.removeEventListener('pointerdown', press)
    document.removeEventListener('keydown', press)
    clearBadge()
  }
}

/** A tab that is looked at holds a shared lock as long: any tab can ask whether there is one. */
function holdEyes(name: string, signal: AbortSignal): void {
  navigator.locks
    ?.request(name, { mode: 'shared' }, async () => {
      await new Promise<void>((resolve) => {
        const done = () => {
          if (document.visibilityState === 'visible' && !signal.aborted) return
          document.removeEventListener('visibilitychange', done)
          resolve()
        }
        document.addEventListener('visibilitychange', done)
        signal.addEventListener('abort', done, { once: true })
        done()
      })
    })
    // The page is going away: there is nothing to hold any more.
    .catch(() => {})
}

async function isSeen(name: string): Promise<boolean> {
  if (!navigator.locks) return document.visibilityState === 'visible'
  const { held = [] } = await navigator.locks.query()
  return held.some((lock) => lock.name === name)
}

function show(fresh: readonly Notice[], t: TFunction, open: (notice: Notice) => void): void {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return
  const [first] = fresh
  if (!first) return
  const several = fresh.length > 3
  for (const notice of several ? [first] : fresh) {
    const title = several ? t('notify.several', { count: fresh.length }) : noticeWords(notice, t, i18next.language)
    const body = several
      ? fresh
          .slice(0, 4)
          .map(({ name }) => name)
          .join(' · ')
      : notice.text
    try {
      const shown = new Notification(title, { body, tag: several ? 'several' : notice.id, icon: '/icon.svg' })
      shown.onclick = () => {
        window.focus()
        open(notice)
        // Best effort: it stays unread in the list.
        if (notice.read === false) void markRead([notice.id]).catch(() => {})
        shown.close()
      }
    } catch {
      // Browsers of telephones know notifications of service workers alone: the sound and the badge have to do.
      return
    }
  }
}
