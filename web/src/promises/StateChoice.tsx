import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { Agent } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { useMe } from '../shell/use-me.ts'
import { MenuChoices, MenuLabel } from '../ui/Menu.tsx'
import { toast } from '../ui/toast.ts'
import { agentsQuery } from './queries.ts'

export const agentStates = ['online', 'busy', 'away'] as const

/** In the menu of one's own name. */
export function StateChoice() {
  const { t } = useTranslation()
  const me = useMe()
  const { data } = useQuery(agentsQuery)
  const state = data?.find(({ id }) => id === me.id)?.state ?? null
  const choose = (next: Agent['state']) =>
    request<{ agents: Agent[] }>('/api/me/state', { method: 'PUT', body: { state: next } }).then(
      ({ agents }) => queryClient.setQueryData(keys.agents, agents),
      (error: unknown) => toast(problemText(error, t), { tone: 'danger' }),
    )
  return (
    <>
      <MenuLabel>{t('agent.mine')}</MenuLabel>
      <MenuChoices<Agent['state']>
        value={state}
        onChange={choose}
        choices={agentStates.map((value) => ({ value, label: t(`agent.state.${value}`) }))}
      />
    </>
  )
}
