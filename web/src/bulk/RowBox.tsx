import { useTranslation } from 'react-i18next'
import type { Ticket } from '../api/wire.ts'
import styles from './RowBox.module.css'
import { useSelection } from './selection.ts'
import { pick } from './use-selecting.ts'

/** Lies over the face of a row: there when it is pointed at, has the focus, or anything is chosen. */
export function RowBox({ ticket, rows }: { readonly ticket: Ticket; readonly rows: readonly Ticket[] }) {
  const { t } = useTranslation()
  const { on, ids, all } = useSelection()
  return (
    <label className={styles.box} data-on={on || undefined}>
      <input
        type="checkbox"
        aria-label={t('bulk.select', { name: ticket.contact.name, number: ticket.number })}
        checked={all !== null || ids.has(ticket.id)}
        onChange={(event) => pick(ticket.id, (event.nativeEvent as MouseEvent).shiftKey === true, rows)}
      />
    </label>
  )
}
