import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { rulesQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Rule } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { SettingsPage } from '../settings/SettingsPage.tsx'
import { useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import { DryRun } from './DryRun.tsx'
import { RuleCard } from './RuleCard.tsx'
import { RuleDialog } from './RuleDialog.tsx'
import styles from './Rules.module.css'
import { Tester } from './Tester.tsx'
import { ruleName } from './words.ts'

export function RulesPage() {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const { data: rules, error, refetch } = useQuery(rulesQuery)
  const [edited, setEdited] = useState<Rule | 'new' | null>(null)
  const [leaving, setLeaving] = useState<Rule | null>(null)
  const again = () => queryClient.invalidateQueries({ queryKey: keys.rules })
  const failed = (failure: unknown) => toast(problemText(failure, t), { tone: 'danger' })
  const switching = useMutation({
    mutationFn: ({ rule, enabled }: { rule: Rule; enabled: boolean }) =>
      request<Rule>(`/api/rules/${rule.id}`, { method: 'PATCH', body: { enabled } }),
    onSuccess: (changed) =>
      queryClient.setQueryData(keys.rules, (all: Rule[] | undefined) =>
        all?.map((one) => (one.id === changed.id ? changed : one)),
      ),
    onError: failed,
    onSettled: again,
  })
  const ordering = useMutation({
    mutationFn: (ids: readonly string[]) =>
      request<{ rules: Rule[] }>('/api/rules/order', { method: 'PUT', body: { ids } }),
    onSuccess: (answer) => queryClient.setQueryData(keys.rules, answer.rules),
    onError: failed,
    onSettled: again,
  })
  const deleting = useMutation({
    mutationFn: (rule: Rule) => request(`/api/rules/${rule.id}`, { method: 'DELETE' }),
    onError: failed,
    onSettled: again,
  })
  const move = (index: number, by: -1 | 1) => {
    if (!rules) return
    const ids = rules.map(({ id }) => id)
    const [id] = ids.splice(index, 1)
    ids.splice(index + by, 0, id!)
    ordering.mutate(ids)
  }
  const mayAdd = me.role !== 'agent'
  return (
    <SettingsPage
      title={t('settings.rules')}
      intro={t('rules.intro')}
      action={
        mayAdd && (
          <Button look="primary" icon="plus" onClick={() => setEdited('new')}>
            {t('rules.add')}
          </Button>
        )
      }
    >
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!rules && !error && <Spinner label={t('common.loading')} />}
      {rules?.length === 0 && (
        <Empty icon="rules" title={t('rules.none')}>
          {t('rules.noneHelp')}
        </Empty>
      )}
      {rules && rules.length > 0 && <Tester rules={rules} />}
      {rules && rules.length > 0 && <DryRun rules={rules} />}
      {rules && (
        <ol className={styles.list} aria-label={t('settings.rules')}>
          {rules.map((rule, index) => (
            <RuleCard
              key={rule.id}
              rule={rule}
              place={index + 1}
              onSwitch={(enabled) => switching.mutate({ rule, enabled })}
              onEdit={() => setEdited(rule)}
              onDelete={() => setLeaving(rule)}
              {...(me.brandIds === null && index > 0 ? { onUp: () => move(index, -1) } : {})}
              {...(me.brandIds === null && index < rules.length - 1 ? { onDown: () => move(index, 1) } : {})}
            />
          ))}
        </ol>
      )}
      {edited && <RuleDialog rule={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      <Confirm
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={t('rules.deleteTitle', { name: leaving ? ruleName(leaving, i18n.language) : '' })}
        action={t('common.delete')}
        danger
        onConfirm={() => leaving && deleting.mutate(leaving)}
      >
        {t('rules.deleteBody')}
      </Confirm>
    </SettingsPage>
  )
}
