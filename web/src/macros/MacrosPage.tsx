import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { allColleaguesQuery, brandsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Macro } from '../api/wire.ts'
import { macrosQuery } from '../bulk/api.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import styles from '../settings/Settings.module.css'
import { SettingsPage } from '../settings/SettingsPage.tsx'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import { MacroDialog } from './MacroDialog.tsx'
import { useActsText } from './use-acts-text.ts'

export function MacrosPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(macrosQuery)
  const { data: brands = [] } = useQuery(brandsQuery)
  const { data: colleagues = [] } = useQuery(allColleaguesQuery)
  const textOf = useActsText(colleagues)
  const [edited, setEdited] = useState<Macro | 'new' | null>(null)
  const [leaving, setLeaving] = useState<Macro | null>(null)
  const deleting = useMutation({
    mutationFn: (macro: Macro) => request(`/api/macros/${macro.id}`, { method: 'DELETE' }),
    onSuccess: (_, macro) => toast(t('macro.deleted', { name: macro.name })),
    onError: (failure) => toast(problemText(failure, t), { tone: 'danger' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.macros }),
  })
  const add = (
    <Button look="primary" icon="plus" onClick={() => setEdited('new')}>
      {t('macro.add')}
    </Button>
  )
  return (
    <SettingsPage title={t('settings.macros')} intro={t('macro.intro')} action={data?.length ? add : undefined}>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      {data?.length === 0 && (
        <Empty icon="macro" title={t('macro.none')} action={add}>
          {t('macro.noneHelp')}
        </Empty>
      )}
      {data && data.length > 0 && (
        <ul className={styles.cards}>
          {data.map((macro) => (
            <li key={macro.id} className={styles.card}>
              <div className={styles.cardTop}>
                <h2 className={styles.cardName}>
                  <bdi>{macro.name}</bdi>
                </h2>
                <Pill tone={macro.shared ? 'accent' : 'neutral'}>
                  {macro.shared
                    ? (brands.find(({ id }) => id === macro.brandId)?.name ?? t('quick.shared'))
                    : t('quick.own')}
                </Pill>
                {macro.mine && (
                  <>
                    <Button
                      small
                      icon="edit"
                      onClick={() => setEdited(macro)}
                      aria-label={`${t('common.edit')} ${macro.name}`}
                    >
                      {t('common.edit')}
                    </Button>
                    <Button
                      small
                      icon="trash"
                      onClick={() => setLeaving(macro)}
                      aria-label={`${t('common.delete')} ${macro.name}`}
                    >
                      {t('common.delete')}
                    </Button>
                  </>
                )}
              </div>
              <p className={styles.words}>{textOf(macro.acts)}</p>
            </li>
          ))}
        </ul>
      )}
      {edited && (
        <MacroDialog macro={edited === 'new' ? null : edited} brands={brands} onClose={() => setEdited(null)} />
      )}
      <Confirm
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={t('macro.deleteTitle', { name: leaving?.name ?? '' })}
        action={t('common.delete')}
        danger
        onConfirm={() => leaving && deleting.mutate(leaving)}
      >
        {t('macro.deleteBody')}
      </Confirm>
    </SettingsPage>
  )
}
