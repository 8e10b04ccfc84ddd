import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { brandsQuery, usersQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Role, User } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { useMe } from '../shell/use-me.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Select } from '../ui/Select.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import { NewUserDialog } from './NewUserDialog.tsx'
import styles from './Settings.module.css'
import { SettingsPage } from './SettingsPage.tsx'
import { UserMenu } from './UserMenu.tsx'

export const roles = ['agent', 'supervisor', 'administrator'] as const satisfies readonly Role[]

export function UsersPage() {
  const { t } = useTranslation()
  const me = useMe()
  const { data: users, error, refetch } = useQuery(usersQuery)
  const { data: brands = [] } = useQuery(brandsQuery)
  const [adds, setAdds] = useState(false)
  const changing = useMutation({
    mutationFn: ({ id, ...patch }: Partial<User> & { id: string }) =>
      request<User>(`/api/users/${id}`, { method: 'PATCH', body: patch }),
    onError: (failure) => toast(problemText(failure, t), { tone: 'danger' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.users }),
  })
  return (
    <SettingsPage
      title={t('settings.users')}
      intro={t('users.intro')}
      action={
        <Button look="primary" icon="plus" onClick={() => setAdds(true)}>
          {t('users.add')}
        </Button>
      }
    >
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!users && !error && <Spinner label={t('common.loading')} />}
      {users && (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('users.name')}</th>
                <th scope="col">{t('users.role')}</th>
                <th scope="col">{t('filter.status')}</th>
                <th scope="col">
                  <span className="aside">{t('common.more')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {users.map((user) => (
                <tr key={user.id} className={user.disabled ? styles.off : undefined}>
                  <td>
                    <span className={styles.person}>
                      <Avatar id={user.id} name={user.name} />
                      <span>
                        <bdi>
                          {user.name}
                          {user.id === me.id && ` (${t('users.you')})`}
                        </bdi>
                        <small>{user.email}</small>
                      </span>
                    </span>
                  </td>
                  <td>
                    <Select<Role>
                      label={t('users.changeRole', { name: user.name })}
                      value={user.role}
                      onChange={(role) => changing.mutate({ id: user.id, role })}
                      choices={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
                    />
                  </td>
                  <td>
                    <Pill tone={user.disabled ? 'neutral' : 'good'}>
                      {t(user.disabled ? 'users.disabled' : 'users.active')}
                    </Pill>
                  </td>
                  <td>
                    <UserMenu
                      user={user}
                      brands={brands}
                      isMe={user.id === me.id}
                      onChange={(patch) => changing.mutate({ id: user.id, ...patch })}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {adds && <NewUserDialog brands={brands} onClose={() => setAdds(false)} />}
    </SettingsPage>
  )
}
