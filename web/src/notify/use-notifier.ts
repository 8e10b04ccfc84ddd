import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Notice } from '../api/wire.ts'
import { withWords } from '../i18n/i18n.ts'
import { usePreferences } from '../preferences/preferences.ts'
import { tellsAnything } from './rules.ts'

/** Not needed for the queue to be there. */
const afterMs = 2_000

export function useNotifier(person: string): void {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const isWanted = tellsAnything(usePreferences().notify)
  useEffect(() => {
    if (!isWanted) return
    let stop = () => {}
    const open = ({ kind, ticketId }: Notice) => {
      if (ticketId) navigate({ to: '/tickets/$ticketId', params: { ticketId } })
      else if (kind === 'mention') navigate({ to: '/mentions', search: {} })
    }
    const timer = setTimeout(async () => {
      // A desk that lost its network for a moment goes on without; the next page has another try.
      const loaded = await withWords(import('./notifier.ts')).catch(() => null)
      stop = loaded?.startNotifier({ person, t, open }) ?? stop
    }, afterMs)
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [person, isWanted, t, navigate])
}
