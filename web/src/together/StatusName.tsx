import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Status } from '../api/wire.ts'
import { namedStatusesQuery } from './api.ts'
import { useName } from './name.ts'
import styles from './Together.module.css'

/** A finer name with its colour; the fixed status's own while it is not known. */
export function StatusName({ id, status }: { readonly id: string; readonly status: Status }) {
  const { t } = useTranslation()
  const nameOf = useName()
  const { data } = useQuery(namedStatusesQuery)
  const named = data?.find((one) => one.id === id)
  if (!named) return t(`status.${status}`)
  return (
    <span className={styles.named}>
      <span className={styles.dot} data-color={named.color} />
      <bdi>{nameOf(named)}</bdi>
    </span>
  )
}
