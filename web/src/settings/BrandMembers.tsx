import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usersQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { BrandOverview } from '../api/wire.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import styles from './Settings.module.css'

/** Who sees a brand's conversations. Administrators see every brand. */
export function BrandMembers({
  brand,
  onClose,
  onDone,
}: {
  readonly brand: BrandOverview
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const { t } = useTranslation()
  const { data: users, error } = useQuery(usersQuery)
  const [given, setGiven] = useState<readonly string[]>(brand.userIds)
  const saving = useMutation({
    mutationFn: () => request(`/api/brands/${brand.id}/members`, { method: 'PUT', body: { userIds: given } }),
    onSuccess: onClose,
    onSettled: onDone,
  })
  const choices = users?.filter(({ role }) => role !== 'administrator') ?? []
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('brands.membersOf', { name: brand.name })}
      description={t('brands.membersHelp')}
    >
      {error && <ErrorNote error={error} />}
      {!users && !error && <Spinner label={t('common.loading')} />}
      {users && choices.length === 0 && <p className={styles.faint}>{t('brands.noUsers')}</p>}
      <div>
        {choices.map(({ id, name, email }) => (
          <CheckRow
            key={id}
            checked={given.includes(id)}
            onChange={(on) => setGiven(on ? [...given, id] : given.filter((one) => one !== id))}
          >
            <bdi>{name}</bdi> <small className={styles.faint}>{email}</small>
          </CheckRow>
        ))}
      </div>
      {saving.error && <ErrorNote error={saving.error} />}
      <DialogActions>
        <Button look="primary" busy={saving.isPending} onClick={() => saving.mutate()}>
          {t('common.save')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
