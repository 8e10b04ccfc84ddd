/** Whether the person is shown: beside the conversation where there is room, else on a screen of their own. */
import { useMatchRoute, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState, useSyncExternalStore } from 'react'
import { isViewName, readInboxSearch } from '../inbox/views.ts'

const wide = '(min-width: 1280px)'
const place = 'huixin.person'

function useIsWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = window.matchMedia(wide)
      query.addEventListener('change', listener)
      return () => query.removeEventListener('change', listener)
    },
    () => window.matchMedia(wide).matches,
  )
}

export function usePersonPane(ticketId: string) {
  const isWide = useIsWide()
  const [isBeside, setIsBeside] = useState(() => localStorage.getItem(place) === 'shown')
  const navigate = useNavigate()
  const match = useMatchRoute()
  const { view = 'all' } = useParams({ strict: false })
  const search = readInboxSearch(useSearch({ strict: false }))
  const params = { view: isViewName(view) ? view : 'all', ticketId } as const
  const isScreen = Boolean(match({ to: '/inbox/$view/$ticketId/person', params: { view, ticketId } }))
  const leaveScreen = () => void navigate({ to: '/inbox/$view/$ticketId', params, search })
  return {
    isShown: isWide ? isBeside || isScreen : isScreen,
    /** It takes the place of the conversation. */
    isAlone: !isWide && isScreen,
    toggle() {
      if (!isWide)
        return isScreen ? leaveScreen() : void navigate({ to: '/inbox/$view/$ticketId/person', params, search })
      const next = !(isBeside || isScreen)
      localStorage.setItem(place, next ? 'shown' : '')
      setIsBeside(next)
      if (isScreen && !next) leaveScreen()
    },
  }
}
