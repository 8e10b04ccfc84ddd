/** Who are we, and what of this server will surprise the agents? */

import { z } from 'zod'
import { type Bilingual, NoAnswer, ReadError } from '#channel/errors.ts'
import type { Health, Tools } from '#channel/tools.ts'
import { type Api, isOk } from './api.ts'
import { documentedMax } from './capabilities.ts'
import { askWhoWeAre } from './me.ts'

/** Three calls have to fit into the ten seconds of a check. */
const timeoutMs = 4_000

export async function check(api: Api, tools: Tools, server: string): Promise<Health> {
  try {
    const { acct, moved } = await askWhoWeAre(api, tools, undefined, timeoutMs)
    const name = `@${acct}@${new URL(server).host}`
    const [limit, dropped] = await Promise.all([askLimit(api), askDropped(api)])
    const text = moved ? hasMoved(moved.acct) : limit !== null && limit < documentedMax ? isShort(limit) : dropped
    return text ? { state: 'warning', name, text } : { state: 'ok', name }
  } catch (error) {
    if (!(error instanceof ReadError)) throw error
    return { state: error.reason === 'credentials' ? 'refused' : 'warning', text: error.text }
  }
}

const Instance = z.object({ configuration: z.object({ statuses: z.object({ max_characters: z.int() }) }) })

/** https://docs.joinmastodon.org/entities/Instance/#max_characters, read 2026-11-24. Null where it is not told. */
async function askLimit(api: Api): Promise<number | null> {
  return Instance.safeParse(await bodyOf(api, '/api/v2/instance')).data?.configuration.statuses.max_characters ?? null
}

const Policy = z.record(z.string(), z.unknown())

/** https://docs.joinmastodon.org/methods/notifications/#get-policy (since 4.3.0), read 2026-11-24 */
async function askDropped(api: Api): Promise<Bilingual | null> {
  const policy = Policy.safeParse(await bodyOf(api, '/api/v2/notifications/policy')).data ?? {}
  return Object.values(policy).includes('drop') ? drops : null
}

/** Undefined where the server does not know the call, or does not answer: then there is nothing to warn of. */
async function bodyOf(api: Api, path: string): Promise<unknown> {
  try {
    const answer = await api({ path, timeoutMs })
    return isOk(answer) ? answer.body : undefined
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof ReadError) return undefined
    throw error
  }
}

const isShort = (limit: number): Bilingual => ({
  en: `This server takes ${limit} characters, fewer than usual: long replies will be refused.`,
  zh: `该实例每帖最多 ${limit} 字，低于常见上限：较长的回复会被拒绝。`,
})
const hasMoved = (acct: string): Bilingual => ({
  en: `This account has moved to @${acct}. Connect that one.`,
  zh: `该账号已迁移至 @${acct}，请改为连接新账号。`,
})
const drops: Bilingual = {
  en: 'The account ignores notifications of some people: their mentions never arrive. Change that in its preferences, under Notifications.',
  zh: '该账号会忽略部分用户的通知，他们的提及不会送达。请在账号偏好设置的“通知”中修改。',
}
