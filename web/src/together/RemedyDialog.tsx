import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Remedy, RemedyKind, RemedyState } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import { addRemedy, changeRemedy, newKey } from './api.ts'
import { fromMinor, toMinor } from './minor.ts'
import styles from './Together.module.css'

const kinds = [
  'repair',
  'replacement',
  'refund',
  'compensation',
  'coupon',
  'extended_warranty',
] as const satisfies RemedyKind[]
const states = ['offered', 'accepted', 'carried_out', 'refused'] as const satisfies RemedyState[]
const currencies = ['CNY', 'USD', 'EUR', 'HKD', 'TWD', 'JPY', 'KRW', 'SGD', 'MYR', 'THB', 'INR', 'GBP'] as const

interface RemedyDialogProps {
  readonly ticketId: string
  /** Null: a new one. */
  readonly remedy: Remedy | null
  readonly onClose: () => void
}

export function RemedyDialog({ ticketId, remedy, onClose }: RemedyDialogProps) {
  const { t, i18n } = useTranslation()
  const [kind, setKind] = useState<RemedyKind>(remedy?.kind ?? 'repair')
  const [state, setState] = useState<RemedyState>(remedy?.state ?? 'offered')
  const [currency, setCurrency] = useState<string>(remedy?.money?.currency ?? 'CNY')
  const [amount, setAmount] = useState(remedy?.money ? fromMinor(remedy.money.minor, remedy.money.currency) : '')
  const [serial, setSerial] = useState(remedy?.serialNumber ?? '')
  const [order, setOrder] = useState(remedy?.orderReference ?? '')
  const [note, setNote] = useState(remedy?.note ?? '')
  const [key] = useState(newKey)
  const minor = amount.trim() === '' ? null : toMinor(amount, currency)
  const badAmount = amount.trim() !== '' && minor === null
  const money = minor === null ? null : { minor, currency }
  const values = {
    money,
    serialNumber: serial.trim() === '' ? null : serial.trim(),
    orderReference: order.trim() === '' ? null : order.trim(),
    note: note.trim(),
    state,
  }
  const saving = useMutation({
    mutationFn: () => (remedy ? changeRemedy(remedy, values) : addRemedy(ticketId, { kind, ...values }, key)),
    onSuccess: () => {
      toast(t('remedy.saved'))
      onClose()
    },
  })
  const time = (at: string) => fullTime(new Date(at), i18n.language)
  const all: readonly string[] = currencies.includes(currency as 'CNY') ? currencies : [...currencies, currency]
  return (
    <Dialog open onClose={onClose} title={remedy ? t(`remedy.kind.${remedy.kind}`) : t('remedy.addTitle')}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (!badAmount && !saving.isPending) saving.mutate()
        }}
      >
        <div className={styles.pair}>
          {!remedy && (
            <Field label={t('remedy.kindLabel')}>
              {({ id }) => (
                <Select<RemedyKind>
                  id={id}
                  value={kind}
                  onChange={setKind}
                  choices={kinds.map((value) => ({ value, label: t(`remedy.kind.${value}`) }))}
                />
              )}
            </Field>
          )}
          <Field label={t('remedy.stateLabel')}>
            {({ id }) => (
              <Select<RemedyState>
                id={id}
                value={state}
                onChange={setState}
                choices={states.map((value) => ({ value, label: t(`remedy.state.${value}`) }))}
              />
            )}
          </Field>
        </div>
        <div className={styles.pair}>
          <TextField
            label={t('remedy.amount')}
            optional={t('common.optional')}
            inputMode="decimal"
            value={amount}
            onChange={setAmount}
            error={badAmount ? t('remedy.amountWrong') : null}
            maxLength={20}
          />
          <Field label={t('remedy.currency')}>
            {({ id }) => (
              <Select
                id={id}
                value={currency}
                onChange={setCurrency}
                choices={all.map((value) => ({ value, label: value }))}
              />
            )}
          </Field>
        </div>
        <div className={styles.pair}>
          <TextField
            label={t('remedy.serial')}
            optional={t('common.optional')}
            value={serial}
            onChange={setSerial}
            maxLength={100}
          />
          <TextField
            label={t('remedy.order')}
            optional={t('common.optional')}
            value={order}
            onChange={setOrder}
            maxLength={100}
          />
        </div>
        <TextArea
          label={t('together.note')}
          optional={t('common.optional')}
          rows={2}
          value={note}
          onChange={setNote}
          maxLength={2_000}
        />
        {remedy && (
          <ul className={styles.history}>
            <li>{t('remedy.dates', { time: time(remedy.offeredAt) })}</li>
            {remedy.decidedAt && <li>{t('remedy.decided', { time: time(remedy.decidedAt) })}</li>}
            {remedy.carriedOutAt && <li>{t('remedy.carriedOut', { time: time(remedy.carriedOutAt) })}</li>}
            <li>{t('remedy.by', { name: remedy.changedBy.name })}</li>
          </ul>
        )}
        {saving.error && <ErrorNote error={saving.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" busy={saving.isPending} disabled={badAmount}>
            {t('common.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
