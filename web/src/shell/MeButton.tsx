import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../api/wire.ts'
import { Avatar } from '../ui/Avatar.tsx'
import styles from './Sidebar.module.css'

export function MeButton({ me, ...rest }: ComponentProps<'button'> & { readonly me: Me }) {
  const { t } = useTranslation()
  return (
    <button type="button" {...rest} className={styles.me}>
      <Avatar id={me.id} name={me.name} size={30} />
      <span className={styles.name}>
        <span className="aside">{t('nav.account')}</span>
        {me.name}
        <small>{t(`role.${me.role}`)}</small>
      </span>
    </button>
  )
}
