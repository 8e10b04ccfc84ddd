import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { ApiKey, Role } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'
import { Button } from '../ui/Button.tsx'
import { CopyText } from '../ui/CopyText.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import styles from './Settings.module.css'
import { roles } from './UsersPage.tsx'

const lifetimes = { d30: 30, d90: 90, d365: 365, never: null } as const
type Lifetime = keyof typeof lifetimes

export function NewKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('agent')
  const [lifetime, setLifetime] = useState<Lifetime>('d90')
  const creating = useMutation({
    mutationFn: () => {
      const days = lifetimes[lifetime]
      const expiresAt = days === null ? null : new Date(Date.now() + days * 86_400_000).toISOString()
      return request<{ apiKey: ApiKey; key: string }>('/api/keys', {
        method: 'POST',
        body: { name: name.trim(), role, expiresAt },
      })
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.apiKeys }),
    // The key is shown once: it is not kept behind the page.
    gcTime: 0,
  })
  if (creating.data) {
    return (
      <Dialog open onClose={onClose} title={t('keys.made')} description={t('keys.madeHelp')}>
        <CopyText text={creating.data.key} label={t('keys.key')} />
        <DialogActions>
          <Button look="primary" onClick={onClose}>
            {t('common.close')}
          </Button>
        </DialogActions>
      </Dialog>
    )
  }
  return (
    <Dialog open onClose={onClose} title={t('keys.create')}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          creating.mutate()
        }}
      >
        <TextField
          label={t('keys.name')}
          help={t('keys.nameHelp')}
          value={name}
          onChange={setName}
          required
          maxLength={100}
        />
        <div className={styles.pair}>
          <Field label={t('keys.role')}>
            {({ id }) => (
              <Select<Role>
                id={id}
                value={role}
                onChange={setRole}
                choices={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
              />
            )}
          </Field>
          <Field label={t('keys.expires')}>
            {({ id }) => (
              <Select<Lifetime>
                id={id}
                value={lifetime}
                onChange={setLifetime}
                choices={(Object.keys(lifetimes) as Lifetime[]).map((value) => ({
                  value,
                  label: t(`keys.expiry.${value}`),
                }))}
              />
            )}
          </Field>
        </div>
        {creating.isError && <ErrorNote error={creating.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" busy={creating.isPending} disabled={name.trim() === ''}>
            {t('keys.create')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
