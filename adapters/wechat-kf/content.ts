/** A message's kind → what is shown of it. */
import type { ExternalMedia, InboundMessage, MediaKind } from '#channel/events.ts'
import { type Fields, fieldsOf, textOf } from './types.ts'

export type Content = Pick<InboundMessage, 'text' | 'media' | 'location'>

/** A forwarded chat may hold another one. */
const maxDepth = 3
const maxLines = 100

export function contentOf(type: string, item: Fields, depth = 0): Content {
  const body = fieldsOf(item[type])
  const of = (name: string) => textOf(body[name]).trim()
  switch (type) {
    case 'text':
      // `menu_id` says which line of a menu was pressed; its words are the content.
      return said(textOf(body.content), 'empty text')
    case 'image':
      return withFile('photo', of('media_id'), type)
    case 'voice':
      return withFile('voice', of('media_id'), type)
    case 'video':
      return withFile('video', of('media_id'), type)
    case 'file':
      return withFile('document', of('media_id'), type)
    case 'location':
      return placeOf(body)
    case 'link':
      return said(lines(of('title'), of('desc'), of('url')), type)
    case 'business_card':
      return card('名片', of('userid'))
    case 'miniprogram':
      return card('小程序', of('title') || of('appid'))
    case 'msgmenu':
      return said(menuOf(body), type)
    case 'channels_shop_product':
      return card('视频号商品', of('title') || of('product_id'), priceOf(of('sales_price')), of('shop_nickname'))
    case 'channels_shop_order':
      return card(
        '视频号订单',
        of('product_titles'),
        of('order_id'),
        of('price_wording'),
        of('state'),
        of('shop_nickname'),
      )
    case 'channels':
      return card('视频号', lines(of('nickname'), of('title')).replace('\n', '：'))
    case 'note':
      return card('笔记')
    case 'merged_msg':
      return mergedOf(body, depth)
    default:
      return said('', type)
  }
}

/** What is written in one line of a chat list stands in brackets, as WeChat itself has it. */
function card(label: string, ...more: readonly string[]): Content {
  return said(lines(`[${label}] ${more[0] ?? ''}`.trim(), ...more.slice(1)), label)
}

const lines = (...given: readonly string[]): string => given.filter((line) => line !== '').join('\n')

/** In hundredths. */
const priceOf = (cents: string): string => (/^\d{1,12}$/u.test(cents) ? `¥${(Number(cents) / 100).toFixed(2)}` : '')

/** A message says something: what holds nothing is named instead. */
function said(text: string, kind: string): Content {
  const named = `[unsupported] ${kind.replace(/\s+/gu, ' ').slice(0, 60)}`
  return { text: text.trim() === '' ? named : text, media: [], location: null }
}

/** Times, sizes and names are never told. */
function withFile(kind: MediaKind, mediaId: string, type: string): Content {
  if (mediaId === '' || mediaId.length > 1024) return said('', `${type} without a file`)
  const file: ExternalMedia = {
    kind,
    externalId: mediaId,
    reference: { mediaId },
    name: null,
    // As it was asked for: `voice_format` 0.
    mimeType: kind === 'voice' ? 'audio/amr' : null,
    bytes: null,
    width: null,
    height: null,
    durationMs: null,
  }
  return { text: '', media: [file], location: null }
}

function placeOf({ latitude, longitude, name, address }: Fields): Content {
  const title = lines(textOf(name).trim(), textOf(address).trim()).replace('\n', ' ') || null
  const at = { latitude: degrees(latitude, 90), longitude: degrees(longitude, 180) }
  if (at.latitude === null || at.longitude === null) return said(title ?? '', 'location')
  return { text: '', media: [], location: { latitude: at.latitude, longitude: at.longitude, title } }
}

function degrees(given: unknown, max: number): number | null {
  const value = textOf(given).trim() === '' ? Number.NaN : Number(given)
  return Number.isFinite(value) && Math.abs(value) <= max ? value : null
}

function menuOf({ head_content, list, tail_content }: Fields): string {
  const choices = (Array.isArray(list) ? list.slice(0, maxLines) : []).map((choice) => {
    const fields = fieldsOf(choice)
    return textOf(fieldsOf(fields[textOf(fields.type)]).content).trim()
  })
  return lines(textOf(head_content).trim(), ...choices, textOf(tail_content).trim())
}

/** A forwarded chat. Each line is a message of its own, as JSON inside a text. */
function mergedOf({ title, item }: Fields, depth: number): Content {
  const label = `[聊天记录] ${textOf(title)}`.trim()
  if (depth >= maxDepth) return said(label, 'merged_msg')
  const media: ExternalMedia[] = []
  const inner = (Array.isArray(item) ? item.slice(0, maxLines) : []).map((entry) => {
    const fields = fieldsOf(entry)
    const message = fieldsOf(parsed(fields.msg_content))
    const content = contentOf(textOf(message.msgtype) || textOf(fields.msgtype) || 'unknown', message, depth + 1)
    for (const file of content.media)
      if (!media.some(({ externalId }) => externalId === file.externalId)) media.push(file)
    const shown = content.text || content.location?.title || `[${content.media[0]?.kind ?? 'location'}]`
    return `${textOf(fields.sender_name).trim() || '?'}：${shown}`
  })
  return { text: lines(label, ...inner), media, location: null }
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
