import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { brandsQuery, channelsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { ClockKind, Policy } from '../api/wire.ts'
import { exactSpan } from '../i18n/format.ts'
import { problemText } from '../i18n/problem-text.ts'
import promiseStyles from '../promises/Promises.module.css'
import { calendarsQuery, policiesQuery } from '../promises/queries.ts'
import { queryClient } from '../query-client.ts'
import { isAdministrator, useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import { clockKinds, PolicyDialog } from './PolicyDialog.tsx'
import styles from './Settings.module.css'
import { SettingsPage } from './SettingsPage.tsx'

export function PromisesPage() {
  const { t } = useTranslation()
  const mayChange = isAdministrator(useMe())
  const { data, error, refetch } = useQuery(policiesQuery)
  const [edited, setEdited] = useState<Policy | 'new' | null>(null)
  const [leaving, setLeaving] = useState<Policy | null>(null)
  const acting = useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onError: (failure) => toast(problemText(failure, t), { tone: 'danger' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.policies }),
  })
  const move = (index: number) => {
    const ids = (data ?? []).map(({ id }) => id)
    const [id] = ids.splice(index, 1)
    if (id) ids.splice(index - 1, 0, id)
    acting.mutate(() => request('/api/policies', { method: 'PUT', body: { ids } }))
  }
  const add = mayChange && (
    <Button look="primary" icon="plus" onClick={() => setEdited('new')}>
      {t('promise.add')}
    </Button>
  )
  return (
    <SettingsPage title={t('settings.promises')} intro={t('promise.intro')} action={data?.length ? add : undefined}>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      {data?.length === 0 && (
        <Empty icon="hourglass" title={t('promise.none')} {...(add ? { action: add } : {})}>
          {t('promise.noneHelp')}
        </Empty>
      )}
      <ol className={styles.cards}>
        {data?.map((policy, index) => (
          <li key={policy.id} className={styles.card}>
            <div className={styles.cardTop}>
              <h2 className={styles.cardName}>
                <bdi>{policy.name}</bdi>
              </h2>
              {!policy.enabled && <Pill>{t('promise.disabled')}</Pill>}
              {mayChange && (
                <>
                  {index > 0 && (
                    <IconButton
                      small
                      icon="up"
                      label={t('promise.earlier', { name: policy.name })}
                      onClick={() => move(index)}
                    />
                  )}
                  <Button
                    small
                    icon="edit"
                    onClick={() => setEdited(policy)}
                    aria-label={`${t('common.edit')} ${policy.name}`}
                  >
                    {t('common.edit')}
                  </Button>
                  <Button
                    small
                    icon="trash"
                    onClick={() => setLeaving(policy)}
                    aria-label={`${t('common.delete')} ${policy.name}`}
                  >
                    {t('common.delete')}
                  </Button>
                </>
              )}
            </div>
            <Where policy={policy} />
            <Targets policy={policy} />
          </li>
        ))}
      </ol>
      {edited && <PolicyDialog policy={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      <Confirm
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={t('promise.deleteTitle', { name: leaving?.name ?? '' })}
        action={t('common.delete')}
        danger
        onConfirm={() => leaving && acting.mutate(() => request(`/api/policies/${leaving.id}`, { method: 'DELETE' }))}
      >
        {t('promise.deleteBody')}
      </Confirm>
    </SettingsPage>
  )
}

function Where({ policy }: { readonly policy: Policy }) {
  const { t, i18n } = useTranslation()
  const { data: brands = [] } = useQuery(brandsQuery)
  const { data: channels = [] } = useQuery(channelsQuery)
  const title = (name: string) =>
    channels.find(({ channel }) => channel === name)?.title[i18n.language === 'en' ? 'en' : 'zh'] ?? name
  const parts = [
    policy.brandIds?.map((id) => brands.find((brand) => brand.id === id)?.name ?? '…').join(', '),
    policy.channels?.map(title).join(', '),
    policy.priorities?.map((priority) => t(`priority.${priority}`)).join(', '),
  ].filter(Boolean)
  return <p className={styles.faint}>{parts.length > 0 ? parts.join(' · ') : t('promise.everything')}</p>
}

function Targets({ policy }: { readonly policy: Policy }) {
  const { t, i18n } = useTranslation()
  const { data: calendars = [] } = useQuery(calendarsQuery)
  const calendar = calendars.find(({ id }) => id === policy.calendarId)?.name ?? ''
  const kinds = clockKinds.filter((kind: ClockKind) => policy.targets[kind])
  return (
    <ul className={promiseStyles.targets}>
      {kinds.map((kind) => {
        const target = policy.targets[kind]
        if (!target) return null
        const how = target.working ? calendar : t('promise.byTheClock')
        return (
          <li key={kind}>
            <Pill icon="clock">
              {t(`promise.kind.${kind}`)} {exactSpan(target.ms, i18n.language)} · {how}
            </Pill>
          </li>
        )
      })}
    </ul>
  )
}
