import { useQuery } from '@tanstack/react-query'
import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../api/wire.ts'
import { agentsQuery } from '../promises/queries.ts'
import { Avatar } from '../ui/Avatar.tsx'
import styles from './Sidebar.module.css'

export function MeButton({ me, ...rest }: ComponentProps<'button'> & { readonly me: Me }) {
  const { t } = useTranslation()
  const { data } = useQuery(agentsQuery)
  const state = data?.find(({ id }) => id === me.id)?.state
  return (
    <button type="button" {...rest} className={styles.me}>
      <Avatar id={me.id} name={me.name} size={30} />
      <span className={styles.name}>
        <span className="aside">{t('nav.account')}</span>
        {me.name}
        <small>
          {t(`role.${me.role}`)}
          {state && ` · ${t(`agent.state.${state}`)}`}
        </small>
      </span>
    </button>
  )
}
