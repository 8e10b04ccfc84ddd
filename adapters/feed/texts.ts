/** What is said to the administrator. */
import type { Bilingual } from '#channel/errors.ts'
import type { NotAFeed } from './document.ts'

/** Short, and without the query, where keys are. */
export function nameOf(address: string): string {
  const url = URL.parse(address)
  return url ? `${url.host}${decoded(url.pathname)}`.replace(/\/$/u, '').slice(0, 80) : address.slice(0, 80)
}

function decoded(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

export const texts = {
  noAnswer: (feed: string): Bilingual => ({ en: `${feed} does not answer.`, zh: `${feed} 没有响应。` }),
  inward: (feed: string): Bilingual => ({
    en: `${feed} leads to an address inside a network, which is not followed. Write that address into the settings.`,
    zh: `${feed} 跳转到内网地址，未跟随。如确需读取，请将该地址填入设置。`,
  }),
  tooLarge: (feed: string): Bilingual => ({ en: `${feed} is larger than 5 MiB.`, zh: `${feed} 超过 5 MiB。` }),
  circle: (feed: string): Bilingual => ({ en: `${feed} is redirected too often.`, zh: `${feed} 重定向次数过多。` }),
  over: (feed: string): Bilingual => ({
    en: `${feed} is gone for good and is not read any more. Take it out of the settings, or give its new address.`,
    zh: `${feed} 已永久停用，不再读取。请从设置中删除或更换为新地址。`,
  }),
  status(feed: string, status: number): Bilingual {
    if (status === 401 || status === 403)
      return {
        en: `${feed} refuses to be read (${status}). Look at the access key in the settings.`,
        zh: `${feed} 拒绝访问（${status}），请检查设置中的访问密钥。`,
      }
    if (status === 404) return { en: `There is no feed at ${feed} (404).`, zh: `${feed} 不存在（404）。` }
    if (status === 429)
      return { en: `${feed} asks to be read less often (429).`, zh: `${feed} 要求降低读取频率（429）。` }
    return { en: `${feed} answers with an error (${status}).`, zh: `${feed} 返回错误（${status}）。` }
  },
  notAFeed(feed: string, reason: NotAFeed['reason']): Bilingual {
    if (reason === 'page')
      return {
        en: `${feed} answers with a web page instead of a feed: perhaps it asks to sign in.`,
        zh: `${feed} 返回的是网页而不是订阅源，可能需要登录。`,
      }
    if (reason === 'empty') return { en: `${feed} answers with nothing.`, zh: `${feed} 返回内容为空。` }
    return {
      en: `${feed} cannot be read as RSS, Atom or JSON Feed.`,
      zh: `${feed} 无法按 RSS、Atom 或 JSON Feed 解析。`,
    }
  },
  file: { en: 'The file of a feed could not be fetched.', zh: '无法获取订阅源中的文件。' },
} as const
