import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { request } from '../api/request.ts'
import type { Brand, User } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { CopyText } from '../ui/CopyText.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Menu, MenuItem } from '../ui/Menu.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import styles from './Settings.module.css'

interface UserMenuProps {
  readonly user: User
  readonly brands: readonly Brand[]
  readonly isMe: boolean
  readonly onChange: (patch: Partial<User>) => void
}

export function UserMenu({ user, brands, isMe, onChange }: UserMenuProps) {
  const { t } = useTranslation()
  const [shows, setShows] = useState<'disable' | 'reset' | 'sign-out' | 'rename' | 'brands' | null>(null)
  const close = () => setShows(null)
  const resetting = useMutation({
    mutationFn: () => request<{ password: string }>(`/api/users/${user.id}/password`, { method: 'POST', body: {} }),
    onError: (error) => toast(problemText(error, t), { tone: 'danger' }),
  })
  const signingOut = useMutation({
    mutationFn: () => request(`/api/users/${user.id}/sign-out`, { method: 'POST', body: {} }),
    onSuccess: () => toast(t('users.signedOut', { name: user.name })),
    onError: (error) => toast(problemText(error, t), { tone: 'danger' }),
  })
  return (
    <>
      <Menu align="end" trigger={<IconButton small icon="dots" label={t('users.actions', { name: user.name })} />}>
        <MenuItem icon="edit" onSelect={() => setShows('rename')}>
          {t('users.rename')}
        </MenuItem>
        {brands.length > 1 && user.brandIds && (
          <MenuItem icon="tag" onSelect={() => setShows('brands')}>
            {t('users.brands')}
          </MenuItem>
        )}
        {!isMe && !user.disabled && (
          <MenuItem icon="signOut" onSelect={() => setShows('sign-out')}>
            {t('users.signOut')}
          </MenuItem>
        )}
        {!isMe && (
          <MenuItem icon="key" onSelect={() => setShows('reset')}>
            {t('users.resetPassword')}
          </MenuItem>
        )}
        {!isMe &&
          (user.disabled ? (
            <MenuItem icon="undo" onSelect={() => onChange({ disabled: false })}>
              {t('users.enable')}
            </MenuItem>
          ) : (
            <MenuItem icon="lock" onSelect={() => setShows('disable')}>
              {t('users.disable')}
            </MenuItem>
          ))}
      </Menu>
      <Confirm
        open={shows === 'disable'}
        onClose={close}
        title={t('users.disableTitle', { name: user.name })}
        action={t('users.disable')}
        danger
        onConfirm={() => onChange({ disabled: true })}
      >
        {t('users.disableBody')}
      </Confirm>
      <Confirm
        open={shows === 'sign-out'}
        onClose={close}
        title={t('users.signOutTitle', { name: user.name })}
        action={t('users.signOut')}
        danger
        onConfirm={() => signingOut.mutate()}
      >
        {t('users.signOutBody')}
      </Confirm>
      <Confirm
        open={shows === 'reset'}
        onClose={close}
        title={t('users.resetTitle', { name: user.name })}
        action={t('users.resetPassword')}
        danger
        onConfirm={() => resetting.mutate()}
      >
        {t('users.resetBody')}
      </Confirm>
      {resetting.data && (
        <Dialog open onClose={resetting.reset} title={t('users.newPassword')} description={user.email}>
          <CopyText text={resetting.data.password} label={t('users.newPassword')} />
        </Dialog>
      )}
      {shows === 'rename' && <Rename user={user} onClose={close} onChange={onChange} />}
      {shows === 'brands' && <Brands user={user} brands={brands} onClose={close} onChange={onChange} />}
    </>
  )
}

type EditProps = Pick<UserMenuProps, 'user' | 'onChange'> & { readonly onClose: () => void }

function Rename({ user, onClose, onChange }: EditProps) {
  const { t } = useTranslation()
  const [name, setName] = useState(user.name)
  return (
    <Dialog open onClose={onClose} title={t('users.rename')} description={user.email}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          onChange({ name: name.trim() })
          onClose()
        }}
      >
        <TextField label={t('users.name')} value={name} onChange={setName} required maxLength={100} />
        <DialogActions>
          <Button look="primary" type="submit" disabled={name.trim() === ''}>
            {t('common.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

function Brands({ user, brands, onClose, onChange }: EditProps & Pick<UserMenuProps, 'brands'>) {
  const { t } = useTranslation()
  const [given, setGiven] = useState<readonly string[]>(user.brandIds ?? [])
  return (
    <Dialog open onClose={onClose} title={t('users.brandsOf', { name: user.name })}>
      <div>
        {brands.map((brand) => (
          <CheckRow
            key={brand.id}
            checked={given.includes(brand.id)}
            onChange={(on) => setGiven(on ? [...given, brand.id] : given.filter((id) => id !== brand.id))}
          >
            {brand.name}
          </CheckRow>
        ))}
      </div>
      <DialogActions>
        <Button
          look="primary"
          onClick={() => {
            onChange({ brandIds: [...given] })
            onClose()
          }}
        >
          {t('common.save')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
