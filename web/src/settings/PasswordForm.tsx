import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { request } from '../api/request.ts'
import { useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import styles from './Settings.module.css'

export function PasswordForm() {
  const { t } = useTranslation()
  const me = useMe()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const changing = useMutation({
    mutationFn: () =>
      request('/api/auth/change-password', { method: 'POST', body: { currentPassword: current, newPassword: next } }),
    onSuccess: () => {
      setCurrent('')
      setNext('')
      toast(t('preferences.passwordChanged'))
    },
  })
  return (
    <section className={styles.card} aria-label={t('preferences.password')}>
      <h2 className={styles.cardName}>{t('preferences.password')}</h2>
      <form
        className={`${styles.form} ${styles.narrow}`}
        onSubmit={(event) => {
          event.preventDefault()
          changing.mutate()
        }}
      >
        {/* So that a password keeper knows whose it is. */}
        <input type="email" name="email" autoComplete="username" value={me.email ?? ''} readOnly hidden />
        <TextField
          label={t('preferences.currentPassword')}
          type="password"
          autoComplete="current-password"
          required
          value={current}
          onChange={setCurrent}
        />
        <TextField
          label={t('preferences.newPassword')}
          help={t('entrance.passwordHelp')}
          type="password"
          autoComplete="new-password"
          required
          minLength={10}
          maxLength={128}
          value={next}
          onChange={setNext}
        />
        {changing.isError && <ErrorNote error={changing.error} />}
        <div>
          <Button type="submit" busy={changing.isPending}>
            {t('preferences.changePassword')}
          </Button>
        </div>
      </form>
    </section>
  )
}
