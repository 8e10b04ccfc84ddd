/** Are the settings right? WeCom cannot be told our address: a person writes it into the console. */
import type { Account } from '#channel/adapter.ts'
import type { Health, Tools } from '#channel/tools.ts'
import type { Api } from './api.ts'
import { busyText, noRightText, refusalOf, say, unreachableText } from './codes.ts'
import { WeComFailure } from './failure.ts'
import { namedIn, type Settings } from './settings.ts'
import type { Streams } from './streams.ts'
import { fieldsOf, textOf } from './types.ts'

const pageSize = 100
const maxPages = 10

export interface CheckParts {
  readonly api: Api
  readonly tools: Tools
  readonly streams: Streams
}

export async function check(
  { api, streams }: CheckParts,
  { settings, webhookUrl }: Account<Settings>,
): Promise<Health> {
  try {
    await api.prove()
    const accounts = await accountsOf(api)
    await streams.found(accounts.map(({ id }) => id))
    const missing = namedIn(settings).filter((id) => !accounts.some((account) => account.id === id))
    const name =
      accounts
        .map((account) => account.name || account.id)
        .join('、')
        .slice(0, 200) || settings.corpId
    if (accounts.length === 0 || missing.length > 0) return { state: 'warning', name, text: rightTextFor(missing) }
    return { name, ...doorOf(webhookUrl) }
  } catch (error) {
    if (!(error instanceof WeComFailure)) throw error
    if (error.kind !== 'refused') return { state: 'warning', name: settings.corpId, text: unreachableText }
    const { code, text } = refusalOf(error)
    const state = code === 'credentials_refused' ? 'refused' : 'warning'
    return { state, name: settings.corpId, text: code === 'rate_limited' ? busyText : text }
  }
}

/** Those that may be managed: of others nothing can be read. https://developer.work.weixin.qq.com/document/path/94661, as known on 2026-11-24 */
async function accountsOf(api: Api): Promise<readonly { id: string; name: string }[]> {
  const found: { id: string; name: string }[] = []
  for (let page = 0; page < maxPages; page += 1) {
    const { account_list } = await api.post('kf/account/list', { offset: page * pageSize, limit: pageSize })
    const accounts = Array.isArray(account_list) ? account_list.map(fieldsOf) : []
    for (const { open_kfid, name, manage_privilege } of accounts) {
      const id = textOf(open_kfid)
      if (/^[0-9A-Za-z_-]{1,128}$/u.test(id) && manage_privilege !== false)
        found.push({ id, name: textOf(name).trim() })
    }
    if (accounts.length < pageSize) break
  }
  return found
}

function rightTextFor(missing: readonly string[]) {
  if (missing.length === 0) return noRightText
  const ids = missing.join(', ').slice(0, 200)
  return say(`${noRightText.en} Not found: ${ids}.`, `${noRightText.zh}未找到：${ids}。`)
}

/** What has to stand in the console. */
function doorOf(webhookUrl: string | null): Pick<Health, 'state' | 'text'> {
  if (webhookUrl === null) {
    return {
      state: 'warning',
      text: say(
        'WeCom cannot call, so messages come late: set HUIXIN_URL to the public address of Huixin, and write the address shown then into the callback configuration.',
        '企业微信无法回调，消息会延迟：请将 HUIXIN_URL 设为 Huixin 的公网地址，再把届时显示的地址填入回调配置。',
      ),
    }
  }
  return {
    state: 'ok',
    text: say(
      `In WeCom, the callback configuration has to hold: URL ${webhookUrl}, the same token and EncodingAESKey.`,
      `请确认企业微信回调配置中：URL 为 ${webhookUrl}，Token 和 EncodingAESKey 与此处一致。`,
    ),
  }
}
