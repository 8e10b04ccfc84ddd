/** Who is here, and what they can take. */
import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Agent, AgentPut, AgentStatePut, Problem } from '../wire.ts'
import { listAgents, setAgent, setState } from './agents.ts'

const tags = ['Teams']
const Agents = z.object({ agents: z.array(Agent) })

export async function agentRoutes(app: App, { db, now, nudge }: Pick<Deps, 'db' | 'now' | 'nudge'>): Promise<void> {
  app.get(
    '/api/agents',
    {
      config: { access: 'agent' },
      schema: { tags, summary: 'Your colleagues: who is here, and how much they have', response: { 200: Agents } },
    },
    async ({ actor }) => ({ agents: await listAgents(db, actor, now()) }),
  )

  app.put(
    '/api/me/state',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'Say that you are here, busy or away',
        description: 'Only those who are here are given tickets by themselves.',
        body: AgentStatePut,
        response: { 200: Agents, 403: Problem },
      },
    },
    async ({ actor, body }) => {
      await setState(db, actor, now(), body.state)
      nudge()
      return { agents: await listAgents(db, actor, now()) }
    },
  )

  app.put(
    '/api/agents/:id',
    {
      config: { access: 'supervisor' },
      schema: {
        tags,
        summary: 'What a colleague can take: languages, channels, how many open tickets',
        params: z.object({ id: z.string().max(100) }),
        body: AgentPut,
        response: { 200: Agent, 404: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => {
      const agent = await setAgent(db, actor, now(), id, body)
      nudge()
      return agent
    },
  )
}
