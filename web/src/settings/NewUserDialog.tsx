import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { Brand, Role, User } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { CopyText } from '../ui/CopyText.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import styles from './Settings.module.css'
import { roles } from './UsersPage.tsx'

export function NewUserDialog({
  brands,
  onClose,
}: {
  readonly brands: readonly Brand[]
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const [fields, setFields] = useState({ name: '', email: '', password: '' })
  const [role, setRole] = useState<Role>('agent')
  const [brandIds, setBrandIds] = useState<readonly string[]>([])
  const adding = useMutation({
    mutationFn: () =>
      request<{ user: User; password: string | null }>('/api/users', {
        method: 'POST',
        body: {
          name: fields.name.trim(),
          email: fields.email.trim(),
          role,
          ...(fields.password ? { password: fields.password } : {}),
          ...(role !== 'administrator' && brandIds.length > 0 ? { brandIds } : {}),
        },
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.users }),
  })
  const set = (name: keyof typeof fields) => (value: string) => setFields({ ...fields, [name]: value })
  if (adding.data) {
    const { user, password } = adding.data
    return (
      <Dialog open onClose={onClose} title={t('users.created', { name: user.name })} description={user.email}>
        {password && (
          <div>
            <p className={styles.label}>{t('users.onePassword')}</p>
            <CopyText text={password} label={t('users.onePassword')} />
          </div>
        )}
        <DialogActions>
          <Button look="primary" onClick={onClose}>
            {t('common.close')}
          </Button>
        </DialogActions>
      </Dialog>
    )
  }
  return (
    <Dialog open onClose={onClose} title={t('users.add')}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          adding.mutate()
        }}
      >
        <TextField
          label={t('users.name')}
          value={fields.name}
          onChange={set('name')}
          required
          maxLength={100}
          autoComplete="off"
        />
        <TextField
          label={t('users.email')}
          type="email"
          value={fields.email}
          onChange={set('email')}
          required
          maxLength={254}
          autoComplete="off"
        />
        <Field label={t('users.role')}>
          {({ id }) => (
            <Select<Role>
              id={id}
              value={role}
              onChange={setRole}
              choices={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
            />
          )}
        </Field>
        {brands.length > 1 && role !== 'administrator' && (
          <fieldset style={{ margin: 0, padding: 0, border: 0 }}>
            <legend className={styles.label}>{t('users.brands')}</legend>
            {brands.map((brand) => (
              <CheckRow
                key={brand.id}
                checked={brandIds.includes(brand.id)}
                onChange={(on) => setBrandIds(on ? [...brandIds, brand.id] : brandIds.filter((id) => id !== brand.id))}
              >
                {brand.name}
              </CheckRow>
            ))}
          </fieldset>
        )}
        <TextField
          label={t('users.password')}
          help={t('users.passwordHelp')}
          optional={t('common.optional')}
          type="password"
          minLength={10}
          maxLength={128}
          autoComplete="new-password"
          value={fields.password}
          onChange={set('password')}
        />
        {adding.isError && <ErrorNote error={adding.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" busy={adding.isPending}>
            {t('users.add')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
