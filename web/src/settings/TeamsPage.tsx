import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { brandsQuery, teamsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Agent, Team } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { languageName } from '../mentions/language-name.ts'
import { agentsQuery } from '../promises/queries.ts'
import { queryClient } from '../query-client.ts'
import { useMe } from '../shell/use-me.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import { AgentDialog } from './AgentDialog.tsx'
import styles from './Settings.module.css'
import { SettingsPage } from './SettingsPage.tsx'
import { TeamDialog } from './TeamDialog.tsx'
import teamStyles from './Teams.module.css'

export function TeamsPage() {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const { data, error, refetch } = useQuery(teamsQuery)
  const { data: brands = [] } = useQuery(brandsQuery)
  const [edited, setEdited] = useState<Team | 'new' | null>(null)
  const { data: agents = [] } = useQuery(agentsQuery)
  const [leaving, setLeaving] = useState<Team | null>(null)
  const [agent, setAgent] = useState<Agent | null>(null)
  const deleting = useMutation({
    mutationFn: (team: Team) => request(`/api/teams/${team.id}`, { method: 'DELETE' }),
    onSuccess: (_, team) => toast(t('teams.deleted', { name: team.name })),
    onError: (failure) => toast(problemText(failure, t), { tone: 'danger' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.teams }),
  })
  const mayAdd = me.role !== 'agent'
  const add = mayAdd && (
    <Button look="primary" icon="plus" onClick={() => setEdited('new')}>
      {t('teams.add')}
    </Button>
  )
  const nameOf = (brandId: string) => brands.find(({ id }) => id === brandId)?.name ?? '…'
  return (
    <SettingsPage title={t('settings.teams')} intro={t('teams.intro')} action={data?.length ? add : undefined}>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      {data?.length === 0 && (
        <Empty icon="people" title={t('teams.none')} {...(add ? { action: add } : {})}>
          {t(mayAdd ? 'teams.noneHelp' : 'teams.noneAgent')}
        </Empty>
      )}
      <ul className={styles.cards}>
        {data?.map((team) => (
          <li key={team.id} className={styles.card}>
            <div className={styles.cardTop}>
              <h2 className={styles.cardName}>
                <bdi>{team.name}</bdi>
              </h2>
              <Pill icon="tag">{team.brandIds ? team.brandIds.map(nameOf).join(', ') : t('teams.everyBrand')}</Pill>
              <Pill icon="globe">
                {team.languages.length > 0
                  ? team.languages.map((one) => languageName(one, i18n.language, t)).join(', ')
                  : t('teams.everyLanguage')}
              </Pill>
              {team.autoAssign && <Pill tone="accent">{t('teams.auto')}</Pill>}
              {team.mine && (
                <>
                  <Button
                    small
                    icon="edit"
                    onClick={() => setEdited(team)}
                    aria-label={`${t('common.edit')} ${team.name}`}
                  >
                    {t('common.edit')}
                  </Button>
                  <Button
                    small
                    icon="trash"
                    onClick={() => setLeaving(team)}
                    aria-label={`${t('common.delete')} ${team.name}`}
                  >
                    {t('common.delete')}
                  </Button>
                </>
              )}
            </div>
            {team.members.length === 0 ? (
              <p className={styles.faint}>{t('teams.nobody')}</p>
            ) : (
              <ul className={teamStyles.members} aria-label={t('teams.membersOf', { name: team.name })}>
                {team.members.map((member) => (
                  <Member
                    key={member.id}
                    member={member}
                    agent={agents.find(({ id }) => id === member.id) ?? null}
                    {...(mayAdd ? { onEdit: setAgent } : {})}
                  />
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      {agent && <AgentDialog agent={agent} onClose={() => setAgent(null)} />}
      {edited && <TeamDialog team={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      <Confirm
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={t('teams.deleteTitle', { name: leaving?.name ?? '' })}
        action={t('common.delete')}
        danger
        onConfirm={() => leaving && deleting.mutate(leaving)}
      >
        {t('teams.deleteBody')}
      </Confirm>
    </SettingsPage>
  )
}

/** A member, whether they are here, and what they have of what they can take. */
function Member({
  member,
  agent,
  onEdit,
}: {
  readonly member: Team['members'][number]
  readonly agent: Agent | null
  readonly onEdit?: (agent: Agent) => void
}) {
  const { t } = useTranslation()
  return (
    <li className={teamStyles.member}>
      <Avatar id={member.id} name={member.name} size={22} />
      <bdi>{member.name}</bdi>
      {agent && (
        <Pill tone={agent.state === 'online' ? 'good' : agent.state === 'busy' ? 'doubt' : 'neutral'}>
          {t(`agent.state.${agent.state}`)} ·{' '}
          {agent.capacity === null
            ? t('agent.has', { open: agent.open })
            : t('agent.hasOf', { open: agent.open, capacity: agent.capacity })}
        </Pill>
      )}
      {agent && onEdit && (
        <IconButton
          small
          icon="edit"
          label={t('agent.editTitle', { name: member.name })}
          onClick={() => onEdit(agent)}
        />
      )}
    </li>
  )
}
