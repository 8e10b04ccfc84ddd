import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, Fragment, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { ApiError } from '../api/problem.ts'
import { accountsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Account, Entry, EntryForm } from '../api/wire.ts'
import { type Attempt, newKey } from '../composer/attempt.ts'
import { queryClient } from '../query-client.ts'
import { type FieldProblem, fieldsOf, initialValues, readValues, refusedFields } from '../settings/form.ts'
import { SettingField } from '../settings/SettingField.tsx'
import { Page } from '../shell/Page.tsx'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import { EarlierTickets } from './EarlierTickets.tsx'
import styles from './Entry.module.css'
import { EntryFiles } from './EntryFiles.tsx'
import { useEntryFiles } from './use-entry-files.ts'

/** A call or a visit is written down: any account that has a form for it, drawn from its data. */
export function EntryPage() {
  const { t, i18n } = useTranslation()
  const { accountId } = useParams({ from: '/signed-in/entries/$accountId' })
  const { data: accounts, error, refetch } = useQuery(accountsQuery)
  const account = accounts?.find(({ id }) => id === accountId)
  const { entry } = account ?? {}
  const title = entry ? (i18n.language === 'en' ? entry.title.en : entry.title.zh) : t('entry.title')
  return (
    <Page wide title={title} {...(account ? { intro: account.name } : {})}>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!accounts && !error && <Spinner label={t('common.loading')} />}
      {accounts && !entry && (
        <Empty icon="question" title={t('entry.missing')}>
          {t('entry.missingHelp')}
        </Empty>
      )}
      {account && entry && <OneEntry key={account.id} account={account} form={entry} />}
    </Page>
  )
}

interface Wanted {
  readonly values: Record<string, unknown>
  readonly mediaIds: readonly string[]
}

function OneEntry({ account, form }: { readonly account: Account; readonly form: EntryForm }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const fields = fieldsOf(form.schema, i18n.language)
  const [values, setValues] = useState(() => initialValues(fields, {}))
  const [problems, setProblems] = useState<Readonly<Record<string, FieldProblem>>>({})
  const files = useEntryFiles(account.id, form.files)
  const attempt = useRef<Attempt<Wanted> | null>(null)
  const saving = useMutation({
    mutationFn: (wanted: Wanted) => {
      // The same words are handed in under the same key: an answer that was lost on the way makes no second entry.
      if (JSON.stringify(attempt.current?.body) !== JSON.stringify(wanted))
        attempt.current = { key: newKey(), body: wanted }
      const { key, body } = attempt.current ?? { key: newKey(), body: wanted }
      return request<Entry>(`/api/accounts/${account.id}/entries`, {
        method: 'POST',
        body,
        headers: { 'idempotency-key': key },
      })
    },
    onSuccess: ({ ticket }) => {
      toast(t('entry.saved', { number: ticket.number }))
      queryClient.invalidateQueries({ queryKey: keys.queues })
      queryClient.invalidateQueries({ queryKey: keys.ticket(ticket.id) })
      navigate({ to: '/inbox/$view/$ticketId', params: { view: 'all', ticketId: ticket.id }, search: {} })
    },
  })
  const { error } = saving
  const refused = error instanceof ApiError && error.code === 'invalid_entry' ? refusedFields(error.details.errors) : {}
  const errorOf = (name: string) => {
    const problem = problems[name]
    if (problem) return t(`accounts.${problem}`)
    return refused[name] === undefined ? null : t('accounts.refusedField', { message: refused[name] })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = readValues(fields, values, null)
    setProblems('problems' in read ? read.problems : {})
    if ('problems' in read || saving.isPending || files.isUploading) return
    saving.mutate({ values: read.settings, mediaIds: files.done.map(({ id }) => id) })
  }
  const person = values[form.personField] ?? ''
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {fields.map((field) => (
        <Fragment key={field.name}>
          <SettingField
            field={field}
            value={values[field.name] ?? ''}
            isSet={false}
            error={errorOf(field.name)}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
          />
          {field.name === form.personField && <EarlierTickets person={person} />}
        </Fragment>
      ))}
      {form.files && <EntryFiles files={files} />}
      {error && Object.keys(refused).length === 0 && <ErrorNote error={error} />}
      <div>
        <Button look="primary" icon="done" type="submit" busy={saving.isPending} aria-disabled={files.isUploading}>
          {t('entry.save')}
        </Button>
      </div>
    </form>
  )
}
