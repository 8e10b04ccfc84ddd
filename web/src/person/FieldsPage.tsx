import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { ContactField, NewContactField } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import styles from '../settings/Settings.module.css'
import { SettingsPage } from '../settings/SettingsPage.tsx'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Select } from '../ui/Select.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import { fieldsQuery } from './api.ts'

const readAgain = () => queryClient.invalidateQueries({ queryKey: keys.contactFields })

/** Which fields are kept of customers; for administrators. */
export function FieldsPage() {
  const { t, i18n } = useTranslation()
  const { data, error, refetch } = useQuery(fieldsQuery)
  const [edited, setEdited] = useState<ContactField | 'new' | null>(null)
  const [leaving, setLeaving] = useState<ContactField | null>(null)
  const titleOf = ({ title }: ContactField) => (i18n.language === 'en' ? title.en : title.zh)
  const changing = useMutation({
    mutationFn: ({ id, ...options }: { id: string; method: 'PATCH' | 'DELETE'; body?: object }) =>
      request(`/api/contact-fields/${id}`, options),
    onError: (failure) => toast(problemText(failure, t), { tone: 'danger' }),
    onSettled: readAgain,
  })
  const add = (
    <Button look="primary" icon="plus" onClick={() => setEdited('new')}>
      {t('field.add')}
    </Button>
  )
  return (
    <SettingsPage title={t('settings.contactFields')} intro={t('field.intro')} action={data?.length ? add : undefined}>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      {data?.length === 0 && (
        <Empty icon="person" title={t('field.none')} action={add}>
          {t('field.intro')}
        </Empty>
      )}
      {data && data.length > 0 && (
        <ol className={styles.cards}>
          {data.map((field, index) => (
            <li key={field.id} className={styles.card}>
              <div className={styles.cardTop}>
                <h2 className={styles.cardName}>
                  <bdi>{titleOf(field)}</bdi> <small>{field.key}</small>
                </h2>
                <Pill>{t(`field.types.${field.type}`)}</Pill>
                <IconButton
                  small
                  icon="up"
                  label={t('field.up', { name: titleOf(field) })}
                  disabled={index === 0}
                  onClick={() => changing.mutate({ id: field.id, method: 'PATCH', body: { position: index } })}
                />
                <Button
                  small
                  icon="edit"
                  onClick={() => setEdited(field)}
                  aria-label={`${t('common.edit')} ${titleOf(field)}`}
                >
                  {t('common.edit')}
                </Button>
                <Button
                  small
                  icon="trash"
                  onClick={() => setLeaving(field)}
                  aria-label={`${t('common.delete')} ${titleOf(field)}`}
                >
                  {t('common.delete')}
                </Button>
              </div>
              {field.choices.length > 0 && <p className={styles.words}>{field.choices.join(' · ')}</p>}
            </li>
          ))}
        </ol>
      )}
      {edited && <FieldDialog field={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      <Confirm
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={t('field.deleteTitle', { name: leaving ? titleOf(leaving) : '' })}
        action={t('common.delete')}
        danger
        onConfirm={() => leaving && changing.mutate({ id: leaving.id, method: 'DELETE' })}
      >
        {t('field.deleteBody')}
      </Confirm>
    </SettingsPage>
  )
}

const linesOf = (text: string) => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
]

function FieldDialog({ field, onClose }: { readonly field: ContactField | null; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [key, setKey] = useState(field?.key ?? '')
  const [en, setEn] = useState(field?.title.en ?? '')
  const [zh, setZh] = useState(field?.title.zh ?? '')
  const [type, setType] = useState<ContactField['type']>(field?.type ?? 'text')
  const [choices, setChoices] = useState((field?.choices ?? []).join('\n'))
  const saving = useMutation({
    mutationFn: () => {
      const title = { en: en.trim(), zh: zh.trim() }
      const chosen = linesOf(choices)
      if (field) {
        const body = { title, ...(type === 'choice' ? { choices: chosen } : {}) }
        return request(`/api/contact-fields/${field.id}`, { method: 'PATCH', body })
      }
      const body: NewContactField = { key: key.trim(), title, type, choices: type === 'choice' ? chosen : [] }
      return request('/api/contact-fields', { method: 'POST', body })
    },
    onSuccess: async () => {
      await readAgain()
      onClose()
    },
  })
  const isBadKey = key.trim() !== '' && !/^[a-z][a-z0-9_]{0,39}$/u.test(key.trim())
  const complete =
    key.trim() !== '' &&
    !isBadKey &&
    en.trim() !== '' &&
    zh.trim() !== '' &&
    (type !== 'choice' || linesOf(choices).length > 0)
  return (
    <Dialog open onClose={onClose} title={t(field ? 'field.editTitle' : 'field.add')}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (complete) saving.mutate()
        }}
      >
        <TextField label={t('field.zh')} value={zh} onChange={setZh} required maxLength={60} lang="zh-CN" />
        <TextField label={t('field.en')} value={en} onChange={setEn} required maxLength={60} lang="en" />
        {!field && (
          <>
            <TextField
              label={t('field.key')}
              help={t('field.keyHelp')}
              value={key}
              onChange={setKey}
              required
              maxLength={40}
              error={isBadKey ? t('field.badKey') : null}
            />
            <Field label={t('field.type')}>
              {({ id }) => (
                <Select<ContactField['type']>
                  id={id}
                  value={type}
                  onChange={setType}
                  choices={(['text', 'date', 'choice'] as const).map((value) => ({
                    value,
                    label: t(`field.types.${value}`),
                  }))}
                />
              )}
            </Field>
          </>
        )}
        {type === 'choice' && (
          <TextArea label={t('field.choices')} help={t('field.choicesHelp')} value={choices} onChange={setChoices} />
        )}
        {saving.isError && <ErrorNote error={saving.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" busy={saving.isPending} disabled={!complete}>
            {t('common.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
