import { useMutation } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { signIn } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { TextField } from '../ui/TextField.tsx'
import { useTitle } from '../ui/use-title.ts'
import styles from './Entrance.module.css'
import { Entrance } from './Entrance.tsx'

export function SignIn() {
  const { t } = useTranslation()
  const router = useRouter()
  const { next } = useSearch({ from: '/sign-in' })
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  useTitle(t('entrance.signInTitle'))
  const entering = useMutation({
    mutationFn: () => signIn(email.trim(), password),
    onSuccess: () => router.navigate({ href: next ?? '/' }),
  })
  return (
    <Entrance title={t('entrance.signInTitle')} intro={t('entrance.signInIntro')}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          entering.mutate()
        }}
      >
        <TextField
          label={t('entrance.email')}
          type="email"
          name="email"
          autoComplete="username"
          required
          autoFocus
          value={email}
          onChange={setEmail}
        />
        <TextField
          label={t('entrance.password')}
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={setPassword}
        />
        {entering.isError && <ErrorNote error={entering.error} />}
        <Button look="primary" type="submit" busy={entering.isPending}>
          {t('entrance.signIn')}
        </Button>
      </form>
      <p className={styles.below}>{t('entrance.forgotten')}</p>
    </Entrance>
  )
}
