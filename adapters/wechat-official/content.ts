/** A message's kind → what is shown of it. */
import type { ExternalMedia, InboundMessage, MediaKind } from '#channel/events.ts'
import type { Push } from './types.ts'

export type Content = Pick<InboundMessage, 'text' | 'media' | 'location'>

/**
 * Stands in for stickers and all else that WeChat keeps from us; the brackets differ.
 * wechatpy/wechatpy#656, JeffreySu/WeiXinMPSDK#1087, read 2026-11-24
 */
const withheld = /^\s*[[【](收到不支持的消息类型[，,]\s*暂(?:时)?无法显示|Unsupported Message)[\]】]\s*$/u

/** WeChat's codes for its own emoji (`/::)`) stay as they are: people know them. */
export function contentOf(push: Push): Content {
  switch (push.MsgType) {
    case 'text':
      return said(textOf(push.Content ?? ''))
    case 'image':
      return withMedia(push, 'photo', '')
    case 'voice':
      return withMedia(push, 'voice', push.Recognition?.trim() ?? '')
    case 'video':
    case 'shortvideo':
      return withMedia(push, 'video', '')
    case 'location':
      return placeOf(push)
    case 'link':
      return said([push.Title, push.Description, push.Url].filter((line) => line?.trim()).join('\n'), 'link')
    default:
      return said('', push.MsgType)
  }
}

function textOf(content: string): string {
  const notice = withheld.exec(content)?.[1]
  return notice ? `[unsupported] ${notice}` : content
}

/** A message says something: what holds nothing is named instead. */
function said(text: string, kind = 'empty text'): Content {
  const named = `[unsupported] ${kind.replace(/\s+/gu, ' ').slice(0, 60)}`
  return { text: text.trim() === '' ? named : text, media: [], location: null }
}

/** Times, sizes and names are never told. A picture has an address as well, which outlives its id. */
function withMedia(push: Push, kind: MediaKind, text: string): Content {
  const mediaId = push.MediaId?.trim() || null
  const picUrl = push.PicUrl?.trim() || null
  const externalId = mediaId ?? (kind === 'photo' ? picUrl : null)
  if (externalId === null) return said(text, `${push.MsgType} without a file`)
  const file: ExternalMedia = {
    kind,
    externalId,
    reference: { mediaId, picUrl },
    name: null,
    mimeType: kind === 'voice' ? (voiceTypes[push.Format?.toLowerCase() ?? ''] ?? null) : null,
    bytes: null,
    width: null,
    height: null,
    durationMs: null,
  }
  return { text, media: [file], location: null }
}

const voiceTypes: Readonly<Record<string, string>> = { amr: 'audio/amr', mp3: 'audio/mpeg', speex: 'audio/speex' }

/** `Location_X` is the latitude. */
function placeOf({ Location_X, Location_Y, Label }: Push): Content {
  const latitude = degrees(Location_X, 90)
  const longitude = degrees(Location_Y, 180)
  const title = Label?.trim() || null
  if (latitude === null || longitude === null) return said(title ?? '', 'location')
  return { text: '', media: [], location: { latitude, longitude, title } }
}

function degrees(given: string | undefined, max: number): number | null {
  const value = given?.trim() ? Number(given) : Number.NaN
  return Number.isFinite(value) && Math.abs(value) <= max ? value : null
}
