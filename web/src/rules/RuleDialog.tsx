import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { brandsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Rule, RuleAction, RuleCondition } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'
import settings from '../settings/Settings.module.css'
import { useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import { ActionFields } from './ActionFields.tsx'
import { actionTypes, conditionTypes, emptyAction, emptyCondition, isComplete } from './blank.ts'
import { ConditionFields } from './ConditionFields.tsx'
import styles from './Rules.module.css'

/** Each part keeps a name of its own, so that taking one away moves no other's fields. */
interface Part<T> {
  readonly key: number
  readonly value: T
}
let count = 0
const part = <T,>(value: T): Part<T> => ({ key: ++count, value })

export function RuleDialog({ rule, onClose }: { readonly rule: Rule | null; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const { data: brands = [] } = useQuery(brandsQuery)
  const [zh, setZh] = useState(rule?.zh ?? '')
  const [en, setEn] = useState(rule?.en ?? '')
  const [brandIds, setBrandIds] = useState<readonly string[] | null>(rule ? rule.brandIds : me.brandIds)
  const [stops, setStops] = useState(rule?.stops ?? false)
  const [conditions, setConditions] = useState(() =>
    (rule?.conditions ?? [emptyCondition('words')]).map((one) => part<RuleCondition>(one)),
  )
  const [actions, setActions] = useState(() =>
    (rule?.actions ?? [emptyAction('priority')]).map((one) => part<RuleAction>(one)),
  )
  const saving = useMutation({
    mutationFn: () => {
      const body = {
        zh: zh.trim(),
        en: en.trim(),
        enabled: rule?.enabled ?? false,
        brandIds,
        stops,
        conditions: conditions.map(({ value }) => value),
        actions: actions.map(({ value }) => value),
      }
      return rule
        ? request<Rule>(`/api/rules/${rule.id}`, { method: 'PUT', body: { ...body, revision: rule.revision } })
        : request<Rule>('/api/rules', { method: 'POST', body })
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.rules })
      onClose()
    },
  })
  const complete =
    zh.trim() !== '' &&
    en.trim() !== '' &&
    (brandIds === null || brandIds.length > 0) &&
    isComplete(
      conditions.map(({ value }) => value),
      actions.map(({ value }) => value),
    )
  const replace = <T,>(list: readonly Part<T>[], key: number, value: T) =>
    list.map((one) => (one.key === key ? { key, value } : one))
  return (
    <Dialog open onClose={onClose} title={t(rule ? 'rules.edit' : 'rules.add')} wide>
      <form
        className={settings.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (complete) saving.mutate()
        }}
      >
        <div className={settings.pair}>
          <TextField label={t('category.zh')} value={zh} onChange={setZh} required maxLength={100} lang="zh-CN" />
          <TextField label={t('category.en')} value={en} onChange={setEn} required maxLength={100} lang="en" />
        </div>
        {brands.length > 1 && (
          <fieldset className={settings.form}>
            <legend className={settings.label}>{t('filter.brand')}</legend>
            {me.brandIds === null && (
              <CheckRow
                checked={brandIds === null}
                onChange={(on) => setBrandIds(on ? null : brands.map(({ id }) => id))}
              >
                {t('rules.allBrands')}
              </CheckRow>
            )}
            {brandIds !== null &&
              brands.map(({ id, name }) => (
                <CheckRow
                  key={id}
                  checked={brandIds.includes(id)}
                  onChange={(on) => setBrandIds(on ? [...brandIds, id] : brandIds.filter((one) => one !== id))}
                >
                  {name}
                </CheckRow>
              ))}
          </fieldset>
        )}
        <h3 className={styles.heading}>{t('rules.allHold')}</h3>
        {conditions.map(({ key, value }) => (
          <ConditionFields
            key={key}
            value={value}
            onChange={(next) => setConditions(replace(conditions, key, next))}
            onRemove={conditions.length > 1 ? () => setConditions(conditions.filter((one) => one.key !== key)) : null}
          />
        ))}
        <Select
          label={t('rules.addCondition')}
          value="add"
          onChange={(type) => type !== 'add' && setConditions([...conditions, part(emptyCondition(type))])}
          choices={[
            { value: 'add' as const, label: t('rules.addCondition') },
            ...conditionTypes.map((value) => ({ value, label: t(`rules.condition.${value}`) })),
          ]}
        />
        <h3 className={styles.heading}>{t('rules.thenDo')}</h3>
        {actions.map(({ key, value }) => (
          <ActionFields
            key={key}
            value={value}
            onChange={(next) => setActions(replace(actions, key, next))}
            onRemove={actions.length > 1 ? () => setActions(actions.filter((one) => one.key !== key)) : null}
          />
        ))}
        <Select
          label={t('rules.addAction')}
          value="add"
          onChange={(type) => type !== 'add' && setActions([...actions, part(emptyAction(type))])}
          choices={[
            { value: 'add' as const, label: t('rules.addAction') },
            ...actionTypes.map((value) => ({ value, label: t(`rules.action.${value}`) })),
          ]}
        />
        <CheckRow checked={stops} onChange={setStops}>
          {t('rules.stopsHelp')}
        </CheckRow>
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
