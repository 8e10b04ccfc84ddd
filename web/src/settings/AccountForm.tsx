import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/problem.ts'
import type { Account, Brand, Channel } from '../api/wire.ts'
import { Button } from '../ui/Button.tsx'
import { DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import { type FieldProblem, fieldsOf, initialValues, readValues, refusedFields } from './form.ts'
import { SettingField } from './SettingField.tsx'
import styles from './Settings.module.css'

interface AccountFormProps {
  readonly channel: Channel
  readonly account: Account | null
  readonly brands: readonly Brand[]
  readonly isSaving: boolean
  readonly error: unknown
  readonly onSave: (body: unknown) => void
  readonly onCancel: () => void
}

const hourMs = 3_600_000
const ticketPers = ['person', 'conversation'] as const
const intakes = ['tickets', 'watch'] as const

/** The form of any channel, drawn from its data; nothing here knows which one it is. */
export function AccountForm({ channel, account, brands, isSaving, error, onSave, onCancel }: AccountFormProps) {
  const { t, i18n } = useTranslation()
  const fields = fieldsOf(channel.settings, i18n.language)
  const [name, setName] = useState(account?.name ?? (i18n.language === 'en' ? channel.title.en : channel.title.zh))
  const [brandId, setBrandId] = useState(account?.brandId ?? brands[0]?.id ?? '')
  const [hours, setHours] = useState(account ? String(Math.round(account.reopenWithinMs / hourMs)) : '')
  const [undo, setUndo] = useState(account?.undoMs == null ? '' : String(account.undoMs / 1000))
  const [ticketPer, setTicketPer] = useState(account?.ticketPer ?? 'person')
  const [intake, setIntake] = useState(account?.intake ?? channel.intake)
  const [values, setValues] = useState(() => initialValues(fields, account?.settings ?? {}))
  const [problems, setProblems] = useState<Readonly<Record<string, FieldProblem>>>({})
  const refused =
    error instanceof ApiError && error.code === 'invalid_settings' ? refusedFields(error.details.errors) : {}

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = readValues(fields, values, account)
    setProblems('problems' in read ? read.problems : {})
    if ('problems' in read) return
    onSave({
      ...(account ? {} : { channel: channel.channel }),
      name: name.trim(),
      ...(brandId && brandId !== account?.brandId ? { brandId } : {}),
      ...(Object.keys(read.settings).length > 0 || !account ? { settings: read.settings } : {}),
      ...(hours.trim() === '' ? {} : { reopenWithinMs: Math.round(Number(hours) * hourMs) }),
      undoMs: undo.trim() === '' ? null : Math.round(Number(undo) * 1000),
      ticketPer,
      intake,
    })
  }

  const errorOf = (field: string) => {
    const problem = problems[field]
    if (problem) return t(`accounts.${problem}`)
    return refused[field] === undefined ? null : t('accounts.refusedField', { message: refused[field] })
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <TextField
        label={t('accounts.name')}
        help={t('accounts.nameHelp')}
        required
        maxLength={100}
        value={name}
        onChange={setName}
      />
      {brands.length > 1 && (
        <Field label={t('accounts.brand')}>
          {({ id }) => (
            <Select
              id={id}
              value={brandId}
              onChange={setBrandId}
              choices={brands.map((brand) => ({ value: brand.id, label: brand.name }))}
            />
          )}
        </Field>
      )}
      {fields.map((field) => (
        <SettingField
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          isSet={account?.secretsSet.includes(field.name) ?? false}
          error={errorOf(field.name)}
          onChange={(value) => setValues({ ...values, [field.name]: value })}
        />
      ))}
      <Field label={t('accounts.intake')} help={t('accounts.intakeHelp')}>
        {({ id, describedBy }) => (
          <Select
            id={id}
            describedBy={describedBy}
            value={intake}
            onChange={setIntake}
            choices={intakes.map((value) => ({ value, label: t(`accounts.intakes.${value}`) }))}
          />
        )}
      </Field>
      <details className={styles.advanced}>
        <summary>{t('accounts.advanced')}</summary>
        <div className={styles.pair}>
          <TextField
            label={t('accounts.reopen')}
            help={t('accounts.reopenHelp')}
            type="number"
            min={0}
            max={8760}
            step={1}
            value={hours}
            onChange={setHours}
          />
          <TextField
            label={t('accounts.undo')}
            help={t('accounts.undoHelp')}
            type="number"
            min={0}
            max={60}
            step={1}
            value={undo}
            onChange={setUndo}
          />
        </div>
        <Field label={t('accounts.ticketPer')} help={t('accounts.ticketPerHelp')}>
          {({ id, describedBy }) => (
            <Select
              id={id}
              describedBy={describedBy}
              value={ticketPer}
              onChange={setTicketPer}
              choices={ticketPers.map((value) => ({ value, label: t(`accounts.ticketPers.${value}`) }))}
            />
          )}
        </Field>
      </details>
      {error !== null && <ErrorNote error={error} />}
      <DialogActions>
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
        <Button look="primary" type="submit" busy={isSaving}>
          {t(isSaving ? 'accounts.checking' : account ? 'accounts.saveCheck' : 'accounts.submit')}
        </Button>
      </DialogActions>
    </form>
  )
}
