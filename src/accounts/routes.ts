import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import type { FileImport } from '../channel/import.ts'
import { followUp } from '../db/due.ts'
import { dueWork } from '../db/schema.ts'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import {
  Account,
  AccountGlance,
  AccountPatch,
  Channel,
  ChannelLogPage,
  ChannelLogQuery,
  Health,
  Hold,
  Id,
  NewAccount,
  NewHold,
  Problem,
  UnreadSummary,
} from '../wire.ts'
import { addAccount } from './add.ts'
import { changeAccount } from './change.ts'
import { type CheckDeps, checkAccount } from './check.ts'
import { checkDue, checkKind, nextCheck } from './check-due.ts'
import { glanceAtAccounts } from './glance.ts'
import { endHold, holdAccount } from './hold.ts'
import { listAccounts, readAccount } from './list.ts'
import { listLog, requireAccount, summarizeUnread } from './list-log.ts'
import { type RemoveDeps, removeAccount } from './remove.ts'
import { settingsSchema } from './settings-schema.ts'

export interface AccountRouteDeps extends Deps, Pick<RemoveDeps, 'whenRemoved'>, Pick<CheckDeps, 'checkTimeoutMs'> {
  /** An account came or went: this node need not wait for its next look. */
  readonly wakeLeases?: () => void
  /** Reads again what could not be read. Handed in, because inbound stands above accounts. */
  readonly replayUnread: (accountId: string) => Promise<{ readonly replayed: number; readonly failed: number }>
}

const tags = ['Accounts']
const params = z.object({ id: Id })
const one = z.object({ account: Account })

/** The answer to a change waits for its check; should this node die meanwhile, due work makes it after this time. */
const checkByOthersMs = 30_000

export async function accountRoutes(app: App, deps: AccountRouteDeps): Promise<void> {
  const checkLater = () => new Date(deps.now().getTime() + checkByOthersMs)

  /** A check that fails is the account's health, not this request's. */
  async function checked(actor: Actor, id: string): Promise<{ account: Account }> {
    const { tryAgain } = await checkAccount(deps, id)
    await planCheck(id, tryAgain)
    return { account: await readAccount(deps, actor, id) }
  }

  /** In the place of the check that others would have made. */
  async function planCheck(id: string, tryAgain: boolean): Promise<void> {
    const account = await deps.connections.get(id)
    const next = account && nextCheck(account.adapter, tryAgain, deps.now())
    if (next) await deps.db.transaction((tx) => followUp(tx, [checkDue(id, next)]))
    else await deps.db.delete(dueWork).where(and(eq(dueWork.kind, checkKind), eq(dueWork.subject, id)))
  }

  app.get(
    '/api/channels',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'The channels there are, with the form of their settings and what they can do',
        response: { 200: z.object({ channels: z.array(Channel) }) },
      },
    },
    async () => ({ channels: listChannels(deps) }),
  )

  app.get(
    '/api/accounts',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'All accounts of your brands, oldest first',
        description:
          'Only administrators see `settings`, `secretsSet` and `webhookUrl`; secrets are never shown. `usage` is of the ' +
          'current month, UTC; what it cost is shown to supervisors and administrators.',
        response: { 200: z.object({ accounts: z.array(Account) }) },
      },
    },
    async (request) => ({ accounts: await listAccounts(deps, request.actor) }),
  )

  app.get(
    '/api/accounts/health',
    {
      config: { access: 'supervisor' },
      schema: {
        tags,
        summary: 'How the accounts of your brands are doing, in figures',
        response: { 200: z.object({ accounts: z.array(AccountGlance) }) },
      },
    },
    async (request) => ({ accounts: await glanceAtAccounts(deps, request.actor) }),
  )

  app.put(
    '/api/accounts/:id/hold',
    {
      config: { access: 'supervisor' },
      schema: {
        tags,
        summary: 'Pause the sends of an account',
        description: 'What is written meanwhile waits, and does not expire. Posts still come in.',
        params,
        body: NewHold,
        response: { 200: Hold, 404: Problem, 422: Problem },
      },
    },
    async (request) => holdAccount(deps, request.actor, request.params.id, request.body),
  )

  app.delete(
    '/api/accounts/:id/hold',
    {
      config: { access: 'supervisor' },
      schema: { tags, summary: 'Let an account send again', params, response: { 204: z.null(), 404: Problem } },
    },
    async (request, reply) => {
      await endHold(deps, request.actor, request.params.id)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/api/accounts/:id',
    {
      config: { access: 'agent' },
      schema: { tags, summary: 'One account', params, response: { 200: one, 404: Problem } },
    },
    async (request) => ({ account: await readAccount(deps, request.actor, request.params.id) }),
  )

  app.post(
    '/api/accounts',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Connect an account',
        description:
          'The settings are checked with the platform before the answer, for 10 s at most. A check that fails is told in ' +
          '`health`; the account is there all the same. 422 `invalid_settings` names each wrong field in `details.errors`.',
        body: NewAccount,
        response: { 201: one, 422: Problem },
      },
    },
    async (request, reply) => {
      const { id } = await addAccount(deps, request.actor, request.body, checkLater())
      deps.wakeLeases?.()
      return reply.code(201).send(await checked(request.actor, id))
    },
  )

  app.patch(
    '/api/accounts/:id',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Change an account',
        description:
          'Settings are merged over the present ones: what is left out stays, secrets too; null takes a field away. New ' +
          'settings are checked like those of a new account. 409 `account_in_use`: it can no longer change its brand.',
        params,
        body: AccountPatch,
        response: { 200: one, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request) => {
      const { id } = request.params
      const { settingsChanged } = await changeAccount(deps, request.actor, id, request.body, checkLater())
      return settingsChanged ? checked(request.actor, id) : { account: await readAccount(deps, request.actor, id) }
    },
  )

  app.delete(
    '/api/accounts/:id',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Remove an account; its tickets stay, its credentials do not',
        params,
        response: { 204: z.null(), 404: Problem },
      },
    },
    async (request, reply) => {
      await removeAccount(deps, request.actor, request.params.id)
      deps.wakeLeases?.()
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/accounts/:id/check',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Check the settings with the platform now; sets the webhook again',
        params,
        response: { 200: Health, 404: Problem },
      },
    },
    async (request) => {
      await requireAccount(deps.db, request.actor, request.params.id)
      return (await checkAccount(deps, request.params.id)).health
    },
  )

  app.get(
    '/api/accounts/:id/log',
    {
      config: { access: 'supervisor' },
      schema: {
        tags,
        summary: 'What was said between Huixin and the platform, newest first',
        params,
        querystring: ChannelLogQuery,
        response: { 200: ChannelLogPage, 400: Problem, 404: Problem },
      },
    },
    async (request) => listLog(deps.db, request.actor, request.params.id, request.query),
  )

  app.get(
    '/api/accounts/:id/unread',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'How much could not be read, and why',
        params,
        response: { 200: UnreadSummary, 404: Problem },
      },
    },
    async (request) => summarizeUnread(deps.db, request.actor, request.params.id),
  )

  app.post(
    '/api/accounts/:id/replay',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Read again what could not be read',
        params,
        response: { 200: z.object({ replayed: z.int(), failed: z.int() }), 404: Problem },
      },
    },
    async (request) => {
      const { id } = request.params
      await requireAccount(deps.db, request.actor, id)
      const result = await deps.replayUnread(id)
      await writeAudit(deps.db, request.actor, 'account.replayed', `account:${id}`, { ...result })
      return result
    },
  )
}

function listChannels({ channels }: Pick<Deps, 'channels'>): z.infer<typeof Channel>[] {
  return [...channels.values()].map((adapter) => ({
    channel: adapter.channel,
    title: { ...adapter.title },
    icon: { ...adapter.icon },
    settings: { ...settingsSchema(adapter) },
    capabilities: { ...adapter.capabilities },
    intake: adapter.intake ?? 'tickets',
    imports: adapter.imports ? copyOf(adapter.imports) : null,
  }))
}

const copyOf = ({ extensions, fields, ...sizes }: FileImport) => ({
  ...sizes,
  extensions: [...extensions],
  fields: fields.map((field) => ({ ...field })),
})
