import { useMutation } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/problem.ts'
import { setUp } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { TextField } from '../ui/TextField.tsx'
import { useTitle } from '../ui/use-title.ts'
import styles from './Entrance.module.css'
import { Entrance } from './Entrance.tsx'

/** The first visit: whoever can read the server's terminal becomes the first administrator. */
export function Setup() {
  const { t } = useTranslation()
  const router = useRouter()
  const [fields, setFields] = useState({ code: '', name: '', email: '', password: '' })
  useTitle(t('entrance.setupTitle'))
  const creating = useMutation({
    mutationFn: () =>
      setUp({ ...fields, code: fields.code.trim(), name: fields.name.trim(), email: fields.email.trim() }),
    onSuccess: () => router.navigate({ to: '/' }),
  })
  const set = (name: keyof typeof fields) => (value: string) => setFields({ ...fields, [name]: value })
  const isSetUp = creating.error instanceof ApiError && creating.error.code === 'already_set_up'
  return (
    <Entrance title={t('entrance.setupTitle')} intro={t('entrance.setupIntro')}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          creating.mutate()
        }}
      >
        <TextField
          label={t('entrance.code')}
          help={t('entrance.codeHelp')}
          name="code"
          autoComplete="one-time-code"
          autoCapitalize="off"
          spellCheck={false}
          required
          autoFocus
          value={fields.code}
          onChange={set('code')}
        />
        <TextField
          label={t('entrance.name')}
          help={t('entrance.nameHelp')}
          name="name"
          autoComplete="name"
          maxLength={100}
          required
          value={fields.name}
          onChange={set('name')}
        />
        <TextField
          label={t('entrance.email')}
          type="email"
          name="email"
          autoComplete="username"
          required
          value={fields.email}
          onChange={set('email')}
        />
        <TextField
          label={t('entrance.password')}
          help={t('entrance.passwordHelp')}
          type="password"
          name="password"
          autoComplete="new-password"
          minLength={10}
          maxLength={128}
          required
          value={fields.password}
          onChange={set('password')}
        />
        {creating.isError && <ErrorNote error={creating.error} />}
        {isSetUp && (
          <Link to="/sign-in" search={{}}>
            {t('entrance.signIn')}
          </Link>
        )}
        <Button look="primary" type="submit" busy={creating.isPending}>
          {t('entrance.create')}
        </Button>
      </form>
    </Entrance>
  )
}
