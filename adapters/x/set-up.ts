/** Makes X call us, and sees that it does: a webhook that fails once may be switched off without a word. */
import type { Bilingual } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import {
  createWebhook,
  eventTypes,
  replay,
  revalidate,
  subscribe,
  subscriptions,
  type Webhook,
  webhooks,
} from './at-x.ts'
import type { Client } from './client.ts'
import { ApiFailure } from './failure.ts'

/** When the webhook was last seen to be valid: milliseconds. */
const seenKey = 'webhook-valid-at'

/** Null when all is well; else what an administrator should know. Throws {@link ApiFailure} when X cannot be asked. */
export async function setUpWebhook(client: Client, tools: Tools, own: string, url: string): Promise<Bilingual | null> {
  const found = (await webhooks(client)).find((webhook) => webhook.url === url)
  let webhook: Webhook
  try {
    webhook = found ?? (await createWebhook(client, url))
  } catch (error) {
    const text = error instanceof ApiFailure && error.kind === 'refused' ? creationText(error) : null
    if (text) return text
    throw error
  }
  const wasOff = !webhook.valid
  if (wasOff && !(await isOnAgain(client, webhook.id))) return offText
  const missing = await subscribeAll(client, own, webhook.id)
  const lastSeen = Number(await tools.state.get(seenKey))
  const now = tools.now()
  await tools.state.set(seenKey, String(now.getTime()))
  if (wasOff && found) return await catchUp(client, tools, webhook.id, lastSeen, now)
  return missing.length === 0 ? null : missingText(missing)
}

async function isOnAgain(client: Client, id: string): Promise<boolean> {
  try {
    return await revalidate(client, id)
  } catch (error) {
    // The challenge failed: X says so with an error.
    if (error instanceof ApiFailure && error.kind === 'refused') return false
    throw error
  }
}

async function catchUp(client: Client, tools: Tools, id: string, lastSeen: number, now: Date): Promise<Bilingual> {
  if (!(lastSeen > 0)) return onAgainText
  try {
    await replay(client, id, new Date(lastSeen), now)
    return replayedText
  } catch (error) {
    // Not in every plan. Mentions and messages are read again anyway; what else is told by events alone is not.
    if (!(error instanceof ApiFailure)) throw error
    tools.log.warn({ failure: error.kind, status: error.status }, 'x: what was missed could not be asked for again')
    return onAgainText
  }
}

/** Names of the events X does not tell us. */
async function subscribeAll(client: Client, own: string, webhookId: string): Promise<string[]> {
  const there = await subscriptions(client)
  const missing: string[] = []
  for (const type of eventTypes) {
    const isThere = there.some(
      ({ event_type, filter, webhook_id }) => event_type === type && filter.user_id === own && webhook_id === webhookId,
    )
    if (isThere) continue
    try {
      await subscribe(client, type, own, webhookId)
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.kind !== 'refused' || error.status === 401 || error.status === 429)
        throw error
      missing.push(type)
    }
  }
  return missing
}

/** Null: another refusal. */
function creationText({ problem: { words } }: ApiFailure): Bilingual | null {
  if (/CrcValidationFailed|crc/iu.test(words)) return offText
  if (/UrlValidationFailed/iu.test(words)) {
    return {
      en: 'X does not take this address: it has to be https, public and without a port.',
      zh: 'X 不接受该地址：必须是不带端口的公网 https 地址。',
    }
  }
  if (/WebhookLimitExceeded|limit/iu.test(words)) {
    return {
      en: 'The app has all the webhooks its plan allows. Delete one in the X developer console.',
      zh: '该应用的回调数量已达套餐上限。请在 X 开发者控制台删除一个。',
    }
  }
  return null
}

function missingText(types: readonly string[]): Bilingual {
  const names = types.join(', ')
  return {
    en: `X does not tell Huixin about: ${names}. The account's keys may lack a permission (direct messages).`,
    zh: `X 未向 Huixin 推送：${names}。账号密钥可能缺少权限（私信）。`,
  }
}

const offText = {
  en: 'X has switched the webhook off: it called the address and got no right answer. Is it reachable from outside, without a redirect, and is the signing secret the right one?',
  zh: 'X 已停用回调：调用该地址未得到正确应答。请检查其能否从外网直接访问（无跳转），以及签名密钥是否正确。',
}
const replayedText = {
  en: 'X had switched the webhook off. It is on again, and X was asked to send again what was missed.',
  zh: 'X 曾停用回调，现已恢复，并已请求 X 重新推送错过的内容。',
}
const onAgainText = {
  en: 'X had switched the webhook off. It is on again; quotes, and answers that do not name the account, of that time may be missing here.',
  zh: 'X 曾停用回调，现已恢复；期间的引用和未提及本账号的回复可能缺失。',
}
