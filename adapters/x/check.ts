/** Are the settings right? Also makes X call us, and watches that it still does. */
import type { Account } from '#channel/adapter.ts'
import type { Bilingual } from '#channel/errors.ts'
import type { Health, Tools } from '#channel/tools.ts'
import { deleteWebhook, eventTypes, subscriptions, unsubscribe, webhooks } from './at-x.ts'
import type { Client, Owner } from './client.ts'
import { ApiFailure } from './failure.ts'
import { accountRefusal, unreachableText } from './refusals.ts'
import { setUpWebhook } from './set-up.ts'
import { defaultApiRoot, type Settings } from './settings.ts'
import { waitOf } from './waiting.ts'

/** Who we are costs $0.010 to ask; that keys are refused shows in every other call as well. */
const askEveryMs = 24 * 3_600_000

export interface Check {
  (): Promise<Health>
  /** What was known does not hold any more. */
  forget(): void
}

export function createCheck(client: Client, account: Account<Settings>, tools: Tools): Check {
  let asked: { owner: Owner; at: number; refusals: number } | null = null

  async function owner(): Promise<Owner> {
    const at = tools.now().getTime()
    const isKnown = asked && at - asked.at < askEveryMs && asked.refusals === client.timesRefused()
    if (asked && isKnown) return asked.owner
    const owner = await client.askOwner()
    asked = { owner, at, refusals: client.timesRefused() }
    if (account.settings.mode === 'polling') await tidyUp()
    return owner
  }

  async function check(): Promise<Health> {
    let name: string | null = null
    try {
      const { id, username } = await owner()
      name = `@${username}`
      const trouble = await trySetUp(id)
      return { ...healthy(trouble ? 'warning' : 'ok', name, trouble ?? undefined), ...credentials() }
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error
      asked = null
      const refused =
        error.kind === 'refused' && error.status !== null ? accountRefusal(error.status, error.problem) : null
      // The app's bearer token may be wrong while the account's keys are right; sends need not wait for that.
      if (refused && name === null) return { state: 'refused', text: refused }
      if (refused) return healthy('warning', name, bearerText)
      return healthy('warning', name, textOf(error, tools.now()))
    }
  }

  /** Renewed as long as the sign-in holds. */
  function credentials(): Pick<Health, 'credentials'> {
    const until = client.tokenUntil()
    return until ? { credentials: { until: until.toISOString(), renews: true } } : {}
  }

  /** It was told by webhook before: both ways would be billed. */
  async function tidyUp(): Promise<void> {
    await release(client, account).catch((error: unknown) => {
      if (!(error instanceof ApiFailure)) throw error
      tools.log.info({ failure: error.kind, status: error.status }, 'x: an old webhook could not be looked for')
    })
  }

  async function trySetUp(own: string): Promise<Bilingual | null> {
    if (account.settings.mode === 'polling') return null
    const unfit = unfitAddress(account)
    return unfit ?? (await setUpWebhook(client, tools, own, account.webhookUrl ?? ''))
  }

  return Object.assign(check, {
    forget() {
      asked = null
    },
  })
}

function healthy(state: Health['state'], name: string | null, text?: Bilingual): Health {
  return { state, ...(name === null ? {} : { name }), ...(text ? { text } : {}) }
}

/** What can be known about our address without asking. Behind another API address anything may be. */
function unfitAddress({ webhookUrl, settings }: Account<Settings>): Bilingual | null {
  if (webhookUrl === null) {
    return {
      en: 'Set HUIXIN_URL to the public https address of Huixin, or choose polling.',
      zh: '请将 HUIXIN_URL 设为 Huixin 的公网 https 地址，或改用轮询方式。',
    }
  }
  if (new URL(settings.apiRoot).origin !== defaultApiRoot) return null
  const { protocol, port } = new URL(webhookUrl)
  if (protocol === 'https:' && port === '') return null
  return {
    en: 'X calls only https addresses without a port. Change HUIXIN_URL, or choose polling.',
    zh: 'X 只回调不带端口的 https 地址。请修改 HUIXIN_URL，或改用轮询方式。',
  }
}

function textOf(failure: ApiFailure, now: Date): Bilingual {
  if (failure.kind !== 'refused') return unreachableText
  const wait = waitOf(failure, now)
  if (wait) return wait.text
  const words = failure.problem.words.split('\n')[0] ?? ''
  return { en: `X refused the settings: ${words || failure.status}`, zh: `X 拒绝了该设置：${words || failure.status}` }
}

const bearerText = {
  en: 'X does not accept the bearer token, which webhooks need. Create a new one in the developer console.',
  zh: 'X 不接受 Bearer Token，而回调需要它。请在开发者控制台重新生成。',
}

/** The account is being removed: what was set up for it goes, so that nothing more is billed. */
export async function release(client: Client, { settings, webhookUrl }: Account<Settings>): Promise<void> {
  if (settings.bearerToken === '' || webhookUrl === null) return
  const ours = (await webhooks(client)).filter(({ url }) => url === webhookUrl)
  const ids = new Set(ours.map(({ id }) => id))
  if (ids.size === 0) return
  const told = (await subscriptions(client)).filter(
    ({ webhook_id, event_type }) =>
      webhook_id !== undefined && ids.has(webhook_id) && eventTypes.includes(event_type as never),
  )
  await Promise.allSettled(told.map(({ subscription_id }) => unsubscribe(client, subscription_id)))
  await Promise.allSettled([...ids].map((id) => deleteWebhook(client, id)))
}
