import { useTranslation } from 'react-i18next'
import type { Presence } from '../api/wire.ts'
import { useMe } from '../shell/use-me.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Icon } from '../ui/Icon.tsx'
import styles from './Presence.module.css'
import { usePeople } from './store.ts'

/** More than this would push everything else away. */
const mostShown = 3

export function useOthers(ticketId: string): readonly Presence[] {
  const me = useMe()
  return usePeople(ticketId).filter(({ user }) => user.id !== me.id)
}

const doing = ({ typing, holds }: Presence) => (holds ? 'answers' : typing ? 'types' : 'views')

/** In the ticket: who else has it open, by name. */
export function Colleagues({ ticketId }: { readonly ticketId: string }) {
  const { t } = useTranslation()
  const others = useOthers(ticketId)
  if (others.length === 0) return null
  return (
    <ul className={styles.people} aria-label={t('presence.label')}>
      {others.slice(0, mostShown).map((one) => (
        <li key={one.user.id} className={styles.person} data-busy={one.holds || one.typing || undefined}>
          <Avatar id={one.user.id} name={one.user.name} size={20} />
          <bdi>{t(`presence.${doing(one)}`, { name: one.user.name })}</bdi>
          <Icon name={one.holds || one.typing ? 'edit' : 'eye'} size={14} />
        </li>
      ))}
      {others.length > mostShown && (
        <li className={styles.person}>{t('presence.more', { count: others.length - mostShown })}</li>
      )}
    </ul>
  )
}

/** In a row of the queue: faces, with the words for those who do not see them. */
export function Watchers({ ticketId }: { readonly ticketId: string }) {
  const { t } = useTranslation()
  const others = useOthers(ticketId)
  if (others.length === 0) return null
  const words = others.map((one) => t(`presence.${doing(one)}`, { name: one.user.name }))
  const busy = others.some(({ typing, holds }) => typing || holds)
  return (
    <span className={styles.watchers} data-busy={busy || undefined} title={words.join('\n')}>
      <Icon name={busy ? 'edit' : 'eye'} size={14} />
      {others.slice(0, mostShown).map(({ user }) => (
        <Avatar key={user.id} id={user.id} name={user.name} size={18} />
      ))}
      <span className="aside">{words.join(' · ')}</span>
    </span>
  )
}
