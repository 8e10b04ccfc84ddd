import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { apiKeysQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { ApiKey } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import { NewKeyDialog } from './NewKeyDialog.tsx'
import styles from './Settings.module.css'
import { SettingsPage } from './SettingsPage.tsx'

export function KeysPage() {
  const { t, i18n } = useTranslation()
  const { data, error, refetch } = useQuery(apiKeysQuery)
  const [creates, setCreates] = useState(false)
  const [leaving, setLeaving] = useState<ApiKey | null>(null)
  const revoking = useMutation({
    mutationFn: (key: ApiKey) => request(`/api/keys/${key.id}`, { method: 'DELETE' }),
    onSuccess: (_, key) => toast(t('keys.revoked', { name: key.name })),
    onError: (failure) => toast(problemText(failure, t), { tone: 'danger' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.apiKeys }),
  })
  const live = data?.filter(({ revokedAt }) => revokedAt === null)
  const when = (time: string | null, none: string) => (time ? fullTime(new Date(time), i18n.language) : none)
  const create = (
    <Button look="primary" icon="plus" onClick={() => setCreates(true)}>
      {t('keys.create')}
    </Button>
  )
  return (
    <SettingsPage title={t('settings.keys')} intro={t('keys.intro')} action={live?.length ? create : undefined}>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!live && !error && <Spinner label={t('common.loading')} />}
      {live?.length === 0 && (
        <Empty icon="key" title={t('keys.none')} action={create}>
          {t('keys.noneHelp')}
        </Empty>
      )}
      {live && live.length > 0 && (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('keys.name')}</th>
                <th scope="col">{t('keys.role')}</th>
                <th scope="col">{t('keys.lastUsed')}</th>
                <th scope="col">{t('keys.expiresAt')}</th>
                <th scope="col">
                  <span className="aside">{t('keys.revoke')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {live.map((key) => (
                <tr key={key.id}>
                  <td>
                    <bdi>{key.name}</bdi>
                  </td>
                  <td>{t(`role.${key.role}`)}</td>
                  <td>{when(key.lastUsedAt, t('keys.never'))}</td>
                  <td>{when(key.expiresAt, t('keys.expiry.never'))}</td>
                  <td>
                    <Button
                      small
                      icon="trash"
                      onClick={() => setLeaving(key)}
                      aria-label={t('keys.revokeTitle', { name: key.name })}
                    >
                      {t('keys.revoke')}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {creates && <NewKeyDialog onClose={() => setCreates(false)} />}
      <Confirm
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={t('keys.revokeTitle', { name: leaving?.name ?? '' })}
        action={t('keys.revoke')}
        danger
        onConfirm={() => leaving && revoking.mutate(leaving)}
      >
        {t('keys.revokeBody')}
      </Confirm>
    </SettingsPage>
  )
}
