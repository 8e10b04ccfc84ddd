/** Asks an account's platform whether its settings are right, and lets it set up what it needs there (the webhook). */
import { isNull } from 'drizzle-orm'
import { ReadError } from '../channel/errors.ts'
import type { Health } from '../channel/tools.ts'
import type { Db } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import type { DueHandler } from '../db/run-due.ts'
import { accounts } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { notFound } from '../problem.ts'
import { checkDue, nextCheck } from './check-due.ts'
import type { Connections, OpenAccount } from './connections.ts'
import { setHealth } from './health.ts'

export type CheckDeps = Pick<Deps, 'db' | 'connections' | 'now' | 'nudge' | 'log'> & {
  /** Default 10,000. */
  readonly checkTimeoutMs?: number
}

export interface Checked {
  readonly health: Health
  /** The platform could not be asked, or refused: worth another try later. */
  readonly tryAgain: boolean
}

/** Due work `account.check`: after a change, a refusal, a start of the server, and now and then while all is well. */
export function checkHandler(deps: CheckDeps): DueHandler {
  return async ({ subject }) => {
    const account = await deps.connections.get(subject)
    if (!account) return
    const { tryAgain } = await checkAccount(deps, subject)
    const again = nextCheck(account.adapter, tryAgain, deps.now())
    if (again) return { again }
  }
}

/** At the start of a server: what was set up at the platforms may be of another address. */
export async function scheduleChecks(db: Db, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    const rows = await tx.select({ id: accounts.id }).from(accounts).where(isNull(accounts.removedAt))
    await followUp(
      tx,
      rows.map(({ id }) => checkDue(id, now)),
    )
  })
}

/** The health that was found, and is stored now. Throws 404 when there is no such account. Takes 10 s at most. */
export async function checkAccount(deps: CheckDeps, accountId: string): Promise<Checked> {
  const account = await deps.connections.get(accountId)
  if (!account) return { health: { state: 'warning', text: brokenText(deps.connections, accountId) }, tryAgain: false }
  const result = await ask(deps, account)
  await setHealth(deps, accountId, account.settingsVersion, result.health)
  return result
}

function brokenText(connections: Connections, accountId: string) {
  const text = connections.broken(accountId)
  if (!text) throw notFound('account')
  return text
}

async function ask(deps: CheckDeps, account: OpenAccount): Promise<Checked> {
  const ms = deps.checkTimeoutMs ?? 10_000
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms)
  })
  try {
    const health = await Promise.race([account.connection.check(), late])
    if (health === 'late') return { health: { state: 'warning', text: noAnswer }, tryAgain: true }
    return { health, tryAgain: health.state === 'refused' }
  } catch (error) {
    if (error instanceof ReadError) {
      return {
        health: { state: error.reason === 'credentials' ? 'refused' : 'warning', text: error.text },
        tryAgain: true,
      }
    }
    deps.log.error(
      { err: error, accountId: account.id, channel: account.adapter.channel },
      'a check failed unexpectedly',
    )
    return { health: { state: 'warning', text: unexpected }, tryAgain: true }
  } finally {
    clearTimeout(timer)
  }
}

const noAnswer = {
  en: 'The platform did not answer in time. It is asked again by itself.',
  zh: '平台未在规定时间内响应，系统会自动重试。',
}
const unexpected = {
  en: 'The check failed unexpectedly; the server log says more. It is made again by itself.',
  zh: '检查意外失败，详情见服务器日志。系统会自动重试。',
}
