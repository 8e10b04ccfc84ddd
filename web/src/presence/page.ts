/** This page's reporter, and what it has to do with the browser. */
import { useEffect } from 'react'
import { request } from '../api/request.ts'
import type { Presence } from '../api/wire.ts'
import { createReporter } from './reporter.ts'
import { putPeople } from './store.ts'

const page = crypto.getRandomValues(new Uint8Array(16))
page[6] = (page[6]! & 0x0f) | 0x40
page[8] = (page[8]! & 0x3f) | 0x80
const hex = [...page].map((byte) => byte.toString(16).padStart(2, '0')).join('')
/** `crypto.randomUUID` is for secure contexts only. */
const pageId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/u, '$1-$2-$3-$4-')

export const reporter = createReporter({
  send: async (report, leaves) => {
    const answer = await request<{ people: Presence[] }>(`/api/presence/${pageId}`, {
      method: 'PUT',
      body: report,
      keepalive: leaves,
      later: !leaves,
    })
    return answer.people
  },
  onPeople: putPeople,
  isVisible: () => document.visibilityState === 'visible',
})

/** While it is drawn, colleagues see this page's agent in the ticket. */
export function useShownTicket(ticketId: string): void {
  useEffect(() => {
    reporter.show(ticketId)
    const onVisible = () => document.visibilityState === 'visible' && reporter.again()
    const onHide = () => reporter.leave()
    // From the browser's back-forward cache.
    const onShow = () => reporter.show(ticketId)
    document.addEventListener('visibilitychange', onVisible)
    window.addEventListener('pagehide', onHide)
    window.addEventListener('pageshow', onShow)
    return () => {
      document.removeEventListener('visibilitychange', onVisible)
      window.removeEventListener('pagehide', onHide)
      window.removeEventListener('pageshow', onShow)
      reporter.show(null)
    }
  }, [ticketId])
}
