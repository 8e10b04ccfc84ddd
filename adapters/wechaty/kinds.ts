/** Every kind of message of wechaty (`types.Message`), and what an agent reads of it. */
import type { MediaKind } from '#channel/events.ts'
import type { Snapshot } from './types.ts'

/** https://github.com/wechaty/puppet/blob/main/src/schemas/message.ts (wechaty-puppet 1.21.3), read 2026-11-24 */
export const kind = {
  Unknown: 0,
  Attachment: 1,
  Audio: 2,
  Contact: 3,
  ChatHistory: 4,
  Emoticon: 5,
  Image: 6,
  Text: 7,
  Location: 8,
  MiniProgram: 9,
  GroupNote: 10,
  Transfer: 11,
  RedEnvelope: 12,
  Recalled: 13,
  Url: 14,
  Video: 15,
  Post: 16,
} as const

/** Those that are a file. */
export const mediaKindOf: { readonly [type: number]: MediaKind } = {
  [kind.Attachment]: 'document',
  [kind.Audio]: 'voice',
  [kind.Emoticon]: 'sticker',
  [kind.Image]: 'photo',
  [kind.Video]: 'video',
}

/** A name in both languages stands first; then what could be learnt. */
const placeholders: { readonly [type: number]: { readonly name: string; readonly detail: (of: Snapshot) => string } } =
  {
    [kind.Contact]: { name: '名片 contact card', detail: ({ card, message }) => card?.name ?? titleIn(message.text) },
    [kind.ChatHistory]: { name: '聊天记录 chat history', detail: ({ message }) => titleIn(message.text) },
    [kind.Location]: {
      name: '位置 location',
      detail: ({ place, message }) => join(place?.name, place?.address) || titleIn(message.text),
    },
    [kind.MiniProgram]: {
      name: '小程序 mini program',
      detail: ({ miniProgram, message }) => join(miniProgram?.title, miniProgram?.description) || titleIn(message.text),
    },
    [kind.GroupNote]: { name: '接龙 group note', detail: ({ message }) => titleIn(message.text) },
    [kind.Transfer]: { name: '转账 transfer', detail: ({ message }) => titleIn(message.text) },
    [kind.RedEnvelope]: { name: '红包 red envelope', detail: ({ message }) => titleIn(message.text) },
    [kind.Recalled]: { name: '撤回 recalled', detail: ({ message }) => titleIn(message.text) },
    [kind.Url]: {
      name: '链接 link',
      detail: ({ link, message }) =>
        [link?.title, link?.url, link?.description].filter((part) => part?.trim()).join('\n') || titleIn(message.text),
    },
    [kind.Post]: { name: '动态 post', detail: ({ message }) => titleIn(message.text) },
  }

/** What stands where there are no words of the customer's to show. Never empty. */
export function placeholder(snapshot: Snapshot): string {
  const { type, text } = snapshot.message
  const known = Object.hasOwn(placeholders, type) ? placeholders[type] : undefined
  const detail = (known ? known.detail(snapshot) : titleIn(text)).trim()
  if (known) return detail === '' ? `[${known.name}]` : `[${known.name}] ${detail}`
  const name = type === kind.Unknown ? 'unknown' : type === kind.Text ? 'empty' : `type ${type}`
  return detail === '' ? `[unsupported] ${name}` : `[unsupported] ${name}: ${detail}`
}

/** Many kinds carry WeChat's own XML as their text: of it the title is shown. Other text is shown as it is. */
function titleIn(text: string | null | undefined): string {
  if (!text) return ''
  if (!looksLikeXml(text)) return text
  return decode(/<(?:title|des|nickname)>\s*(?:<!\[CDATA\[)?([^<\]]{1,300})/u.exec(decode(text))?.[1] ?? '')
}

export function looksLikeXml(text: string): boolean {
  return /^\s*(?:<\?xml|<msg|<sysmsg|<appmsg|&lt;)/u.test(text)
}

export function decode(text: string): string {
  const entities: { readonly [name: string]: string } = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
  return text.replace(/&(lt|gt|amp|quot|apos);/gu, (whole, name: string) => entities[name] ?? whole)
}

function join(...parts: readonly (string | null | undefined)[]): string {
  // What wechaty-puppet-service puts where the gateway said nothing.
  return parts.filter((part) => part?.trim() && !/^NO(?:NAME|ADDRESS)$/u.test(part)).join(' · ')
}
