import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { allColleaguesQuery, brandsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Department } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import settings from '../settings/Settings.module.css'
import { SettingsPage } from '../settings/SettingsPage.tsx'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Select } from '../ui/Select.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import { departmentsQuery } from './api.ts'
import { useName } from './name.ts'
import styles from './Together.module.css'

const reread = () => queryClient.invalidateQueries({ queryKey: keys.departments })

export function DepartmentsPage() {
  const { t } = useTranslation()
  const nameOf = useName()
  const { data, error, refetch } = useQuery(departmentsQuery)
  const { data: brands = [] } = useQuery(brandsQuery)
  const [edited, setEdited] = useState<Department | 'new' | null>(null)
  const archiving = useMutation({
    mutationFn: ({ id, archived }: Department) =>
      request(`/api/departments/${id}`, { method: 'PATCH', body: { archived: !archived } }),
    onError: (failure) => toast(problemText(failure, t), { tone: 'danger' }),
    onSettled: reread,
  })
  return (
    <SettingsPage
      title={t('department.title')}
      intro={t('department.intro')}
      action={
        <Button look="primary" icon="plus" onClick={() => setEdited('new')}>
          {t('department.add')}
        </Button>
      }
    >
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      <ul className={settings.cards}>
        {data?.map((department) => (
          <li key={department.id} className={settings.card}>
            <div className={settings.cardTop}>
              <h2 className={settings.cardName}>
                <bdi>{nameOf(department)}</bdi>
                <small>{brands.find(({ id }) => id === department.brandId)?.name}</small>
              </h2>
              {department.archived && <Pill>{t('department.archived')}</Pill>}
              {department.late > 0 && (
                <Pill tone="danger" icon="clock">
                  {t('department.late', { count: department.late })}
                </Pill>
              )}
              <Button
                small
                icon="edit"
                onClick={() => setEdited(department)}
                aria-label={`${t('common.edit')} ${nameOf(department)}`}
              >
                {t('common.edit')}
              </Button>
              <Button
                small
                icon={department.archived ? 'undo' : 'trash'}
                title={t('department.archivedHelp')}
                aria-label={`${t(department.archived ? 'department.restore' : 'department.archive')} ${nameOf(department)}`}
                onClick={() => archiving.mutate(department)}
              >
                {t(department.archived ? 'department.restore' : 'department.archive')}
              </Button>
            </div>
            <p className={settings.faint}>
              {department.members.length === 0
                ? t('department.nobody')
                : department.members.map(({ name }) => name).join(', ')}
            </p>
          </li>
        ))}
      </ul>
      {edited && <DepartmentDialog department={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </SettingsPage>
  )
}

const everyBrand = 'all'

function DepartmentDialog({
  department,
  onClose,
}: {
  readonly department: Department | null
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const { data: colleagues = [] } = useQuery(allColleaguesQuery)
  const { data: brands = [] } = useQuery(brandsQuery)
  const [zh, setZh] = useState(department?.zh ?? '')
  const [en, setEn] = useState(department?.en ?? '')
  const [brandId, setBrandId] = useState(department?.brandId ?? everyBrand)
  const [members, setMembers] = useState<readonly string[]>(department?.members.map(({ id }) => id) ?? [])
  const complete = zh.trim() !== '' && en.trim() !== ''
  const saving = useMutation({
    mutationFn: () => {
      const values = { zh: zh.trim(), en: en.trim(), memberIds: members }
      return department
        ? request(`/api/departments/${department.id}`, { method: 'PATCH', body: values })
        : request('/api/departments', {
            method: 'POST',
            body: { ...values, brandId: brandId === everyBrand ? null : brandId },
          })
    },
    onSuccess: async () => {
      await reread()
      onClose()
    },
  })
  // Somebody who was disabled since stays a member until they are taken out.
  const gone = department?.members.filter(({ id }) => !colleagues.some((one) => one.id === id)) ?? []
  return (
    <Dialog open onClose={onClose} title={t(department ? 'department.edit' : 'department.add')}>
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
        {!department && brands.length > 1 && (
          <Field label={t('department.brand')}>
            {({ id }) => (
              <Select
                id={id}
                value={brandId}
                onChange={setBrandId}
                choices={[
                  { value: everyBrand, label: t('department.allBrands') },
                  ...brands.map(({ id: value, name: label }) => ({ value, label })),
                ]}
              />
            )}
          </Field>
        )}
        <fieldset className={styles.members}>
          <legend>{t('department.members')}</legend>
          {[...colleagues, ...gone].map(({ id, name }) => (
            <CheckRow
              key={id}
              checked={members.includes(id)}
              onChange={(on) => setMembers(on ? [...members, id] : members.filter((one) => one !== id))}
            >
              {name}
            </CheckRow>
          ))}
        </fieldset>
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
