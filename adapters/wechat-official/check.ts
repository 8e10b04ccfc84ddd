/** Are the settings right? WeChat cannot be told our address: a person writes it into the console. */
import type { Account } from '#channel/adapter.ts'
import type { Bilingual } from '#channel/errors.ts'
import type { Health } from '#channel/tools.ts'
import type { Api } from './api.ts'
import { WeChatFailure } from './failure.ts'
import { busyText, refusalOf, uncertifiedText, unreachableText } from './refusals.ts'
import { defaultApiRoot, type Settings } from './settings.ts'

/** May not be asked about this one: 48001 where the account has no right to it, 76022 in the words of the query itself. */
const withoutRight: ReadonlySet<number | null> = new Set([48001, 76022])

export async function check(api: Api, { settings, webhookUrl }: Account<Settings>): Promise<Health> {
  const name = settings.appId
  try {
    await api.prove()
    // Cheap, and says whether the account may send at all.
    // https://developers.weixin.qq.com/doc/service/api/apimanage/api_getapiquota, read 2026-11-24
    await api.post('/cgi-bin/openapi/quota/get', { cgi_path: '/cgi-bin/message/custom/send' })
    return { name, ...doorOf(settings, webhookUrl) }
  } catch (error) {
    if (!(error instanceof WeChatFailure)) throw error
    if (withoutRight.has(error.errcode)) return { state: 'warning', name, text: uncertifiedText }
    if (error.kind === 'wait') return { state: 'warning', name, text: busyText }
    if (error.kind !== 'refused') return { state: 'warning', name, text: unreachableText }
    const { code, text } = refusalOf(error.errcode, error.status, error.ip)
    return { state: code === 'credentials_refused' ? 'refused' : 'warning', name, text }
  }
}

const modes: Readonly<Record<Settings['mode'], string>> = {
  plain: '明文模式',
  compatible: '兼容模式',
  safe: '安全模式',
}

/** What has to stand in the console. */
export function doorOf(settings: Settings, webhookUrl: string | null): Pick<Health, 'state' | 'text'> {
  if (webhookUrl === null) {
    return {
      state: 'warning',
      text: {
        en: 'Messages cannot come in: set HUIXIN_URL to the public address of Huixin, and write the address shown then into the WeChat console.',
        zh: '暂时无法接收消息：请将 HUIXIN_URL 设为 Huixin 的公网地址，再把届时显示的地址填入公众平台。',
      },
    }
  }
  const { protocol, port } = new URL(webhookUrl)
  // "http:// or https://, on port 80 and 443": https://developers.weixin.qq.com/doc/service/guide/dev/push/, read 2026-11-24
  const isOfficial = URL.parse(settings.apiRoot)?.host === new URL(defaultApiRoot).host
  if (isOfficial && !(['http:', 'https:'].includes(protocol) && port === '')) {
    return {
      state: 'warning',
      text: {
        en: 'WeChat calls only ports 80 (http) and 443 (https). Change HUIXIN_URL.',
        zh: '微信只回调 80（http）和 443（https）端口，请修改 HUIXIN_URL。',
      },
    }
  }
  return { state: 'ok', text: consoleText(webhookUrl, modes[settings.mode]) }
}

function consoleText(url: string, mode: string): Bilingual {
  return {
    en: `In the WeChat console, the server configuration has to hold: URL ${url}, the same token, ${mode}, data format XML.`,
    zh: `请确认公众平台「服务器配置」中：URL 为 ${url}，令牌与此处一致，消息加解密方式为${mode}，数据格式为 XML。`,
  }
}
