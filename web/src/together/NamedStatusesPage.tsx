import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { NamedStatus, Status, StatusColor } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { statuses } from '../inbox/views.ts'
import { queryClient } from '../query-client.ts'
import settings from '../settings/Settings.module.css'
import { SettingsPage } from '../settings/SettingsPage.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Select } from '../ui/Select.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import { namedStatusesQuery } from './api.ts'
import { useName } from './name.ts'
import styles from './Together.module.css'

const colors = ['grey', 'teal', 'blue', 'violet', 'green', 'amber', 'red', 'pink'] as const satisfies StatusColor[]
const reread = () => queryClient.invalidateQueries({ queryKey: keys.namedStatuses })

export function NamedStatusesPage() {
  const { t } = useTranslation()
  const nameOf = useName()
  const { data, error, refetch } = useQuery(namedStatusesQuery)
  const [edited, setEdited] = useState<NamedStatus | 'new' | null>(null)
  const onError = (failure: unknown) => toast(problemText(failure, t), { tone: 'danger' })
  const archiving = useMutation({
    mutationFn: ({ id, archived }: NamedStatus) =>
      request(`/api/named-statuses/${id}`, { method: 'PATCH', body: { archived: !archived } }),
    onError,
    onSettled: reread,
  })
  const ordering = useMutation({
    mutationFn: (ids: readonly string[]) => request('/api/named-statuses/order', { method: 'PUT', body: { ids } }),
    onError,
    onSettled: reread,
  })
  const swap = (list: readonly NamedStatus[], index: number, by: -1 | 1) => {
    const ids = list.map(({ id }) => id)
    const [one, other] = [ids[index], ids[index + by]]
    if (one === undefined || other === undefined) return
    ids[index] = other
    ids[index + by] = one
    ordering.mutate(ids)
  }
  const add = (
    <Button look="primary" icon="plus" onClick={() => setEdited('new')}>
      {t('named.add')}
    </Button>
  )
  return (
    <SettingsPage title={t('named.title')} intro={t('named.intro')} action={data?.length ? add : undefined}>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      {data?.length === 0 && (
        <Empty icon="tag" title={t('named.none')} action={add}>
          {t('named.noneHelp')}
        </Empty>
      )}
      <ul className={settings.cards}>
        {data?.map((named, index) => (
          <li key={named.id} className={settings.card}>
            <div className={settings.cardTop}>
              <h2 className={settings.cardName}>
                <span className={styles.dot} data-color={named.color} />
                <bdi>{nameOf(named)}</bdi>
                <small>{t(`status.${named.status}`)}</small>
              </h2>
              {named.archived && <Pill>{t('department.archived')}</Pill>}
              <IconButton
                small
                icon="up"
                label={t('named.up', { name: nameOf(named) })}
                disabled={index === 0 || ordering.isPending}
                onClick={() => swap(data, index, -1)}
              />
              <IconButton
                small
                icon="down"
                label={t('named.down', { name: nameOf(named) })}
                disabled={index === data.length - 1 || ordering.isPending}
                onClick={() => swap(data, index, 1)}
              />
              <Button
                small
                icon="edit"
                aria-label={`${t('common.edit')} ${nameOf(named)}`}
                onClick={() => setEdited(named)}
              >
                {t('common.edit')}
              </Button>
              <Button
                small
                icon={named.archived ? 'undo' : 'trash'}
                title={t('named.archivedHelp')}
                aria-label={`${t(named.archived ? 'department.restore' : 'department.archive')} ${nameOf(named)}`}
                onClick={() => archiving.mutate(named)}
              >
                {t(named.archived ? 'department.restore' : 'department.archive')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {edited && <NamedDialog named={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </SettingsPage>
  )
}

function NamedDialog({ named, onClose }: { readonly named: NamedStatus | null; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [status, setStatus] = useState<Status>(named?.status ?? 'waiting_other')
  const [zh, setZh] = useState(named?.zh ?? '')
  const [en, setEn] = useState(named?.en ?? '')
  const [color, setColor] = useState<StatusColor>(named?.color ?? 'blue')
  const complete = zh.trim() !== '' && en.trim() !== ''
  const saving = useMutation({
    mutationFn: () => {
      const values = { zh: zh.trim(), en: en.trim(), color }
      return named
        ? request(`/api/named-statuses/${named.id}`, { method: 'PATCH', body: values })
        : request('/api/named-statuses', { method: 'POST', body: { ...values, status } })
    },
    onSuccess: async () => {
      await reread()
      onClose()
    },
  })
  return (
    <Dialog open onClose={onClose} title={t(named ? 'named.edit' : 'named.add')}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (complete && !saving.isPending) saving.mutate()
        }}
      >
        <div className={styles.pair}>
          <TextField label={t('department.zh')} value={zh} onChange={setZh} maxLength={60} required lang="zh-CN" />
          <TextField label={t('department.en')} value={en} onChange={setEn} maxLength={60} required lang="en" />
        </div>
        <div className={styles.pair}>
          {!named && (
            <Field label={t('named.of')}>
              {({ id }) => (
                <Select<Status>
                  id={id}
                  value={status}
                  onChange={setStatus}
                  choices={statuses.map((value) => ({ value, label: t(`status.${value}`) }))}
                />
              )}
            </Field>
          )}
          <Field label={t('named.color')}>
            {({ id }) => (
              <Select<StatusColor>
                id={id}
                value={color}
                onChange={setColor}
                choices={colors.map((value) => ({ value, label: t(`named.colors.${value}`) }))}
              />
            )}
          </Field>
        </div>
        {saving.error && <ErrorNote error={saving.error} />}
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
