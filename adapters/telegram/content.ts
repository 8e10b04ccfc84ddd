/** What a message carries, as words, files and a place. Kinds without words of their own get readable ones in brackets. */
import type { ExternalMedia, Location, MediaKind } from '#channel/events.ts'
import { plainText, richText } from './plain-text.ts'
import type { Content, File } from './types.ts'

export interface Carried {
  readonly text: string
  readonly media: readonly ExternalMedia[]
  readonly location: Location | null
}

type Kind = keyof Content

/**
 * In this order, the first that is there: an animation also comes as `document`, a live photo as `photo`, a venue as
 * `location`, "for backward compatibility". https://core.telegram.org/bots/api#message, read 2026-11-22
 */
const kinds: readonly { readonly kind: Kind; readonly read: (content: Content) => Partial<Carried> }[] = [
  { kind: 'text', read: ({ text = '', entities }) => ({ text: plainText(text, entities) }) },
  { kind: 'animation', read: ({ animation }) => ({ media: files('video', animation) }) },
  { kind: 'live_photo', read: ({ live_photo }) => ({ media: files('video', live_photo) }) },
  { kind: 'photo', read: ({ photo }) => ({ media: files('photo', largest(photo)) }) },
  { kind: 'video', read: ({ video }) => ({ media: files('video', video) }) },
  { kind: 'voice', read: ({ voice }) => ({ media: files('voice', voice) }) },
  { kind: 'audio', read: ({ audio }) => ({ media: files('audio', audio) }) },
  { kind: 'document', read: ({ document }) => ({ media: files('document', document) }) },
  { kind: 'video_note', read: ({ video_note }) => ({ media: files('video', video_note) }) },
  {
    kind: 'sticker',
    read: ({ sticker }) => ({ text: line('sticker', sticker?.emoji), media: files('sticker', sticker) }),
  },
  { kind: 'paid_media', read: readPaidMedia },
  {
    kind: 'venue',
    read: ({ venue }) => ({
      text: line('venue', venue?.title, venue?.address),
      location: venue ? { ...point(venue.location), title: venue.title } : null,
    }),
  },
  {
    kind: 'location',
    read: ({ location }) => ({
      text: line('location'),
      location: location ? { ...point(location), title: null } : null,
    }),
  },
  {
    kind: 'contact',
    read: ({ contact }) => ({
      text: line('contact', fullName(contact?.first_name, contact?.last_name), contact?.phone_number),
    }),
  },
  {
    kind: 'poll',
    read: ({ poll }) => ({
      text: list(
        'poll',
        poll?.question,
        poll?.options.map(({ text }) => text),
      ),
    }),
  },
  {
    kind: 'checklist',
    read: ({ checklist }) => ({
      text: list(
        'checklist',
        checklist?.title,
        checklist?.tasks.map(({ text }) => text),
      ),
    }),
  },
  { kind: 'dice', read: ({ dice }) => ({ text: line('dice', `${dice?.emoji} ${dice?.value}`) }) },
  { kind: 'game', read: ({ game }) => ({ text: line('game', game?.title) }) },
  { kind: 'invoice', read: ({ invoice }) => ({ text: line('invoice', invoice?.title) }) },
  { kind: 'successful_payment', read: ({ successful_payment: paid }) => ({ text: line('payment', price(paid)) }) },
  { kind: 'refunded_payment', read: ({ refunded_payment: paid }) => ({ text: line('refund', price(paid)) }) },
  { kind: 'web_app_data', read: ({ web_app_data: sent }) => ({ text: line(sent?.button_text ?? 'app', sent?.data) }) },
  { kind: 'rich_message', read: ({ rich_message }) => ({ text: richText(rich_message?.blocks ?? []) }) },
  { kind: 'story', read: () => ({ text: line('story') }) },
]

/** Null when it carries nothing we know; a caption is read all the same by {@link captionOf}. */
export function contentOf(content: Content): Carried | null {
  const found = kinds.find(({ kind }) => content[kind] !== undefined)
  if (!found) return null
  const { text = '', media = [], location = null } = found.read(content)
  const caption = captionOf(content)
  return { text: [text, caption].filter((part) => part !== '').join('\n'), media, location }
}

export function captionOf({ caption = '', caption_entities }: Content): string {
  return plainText(caption, caption_entities)
}

export const contentKinds: ReadonlySet<string> = new Set(kinds.map(({ kind }) => kind))

function files(kind: MediaKind, file: File | undefined): ExternalMedia[] {
  if (!file) return []
  return [
    {
      kind,
      // `file_id` differs between bots and may change; this one stays. https://core.telegram.org/bots/api#file
      externalId: file.file_unique_id,
      reference: { fileId: file.file_id },
      name: file.file_name ?? null,
      mimeType: file.mime_type ?? (kind === 'sticker' ? stickerType(file) : null),
      bytes: file.file_size ?? null,
      width: file.width ?? file.length ?? null,
      height: file.height ?? file.length ?? null,
      durationMs: file.duration === undefined ? null : file.duration * 1000,
    },
  ]
}

function stickerType({ is_animated, is_video }: File): string {
  if (is_animated) return 'application/x-tgsticker'
  return is_video ? 'video/webm' : 'image/webp'
}

function largest(sizes: readonly File[] | undefined): File | undefined {
  const area = ({ width = 0, height = 0 }: File) => width * height
  return sizes?.reduce<File | undefined>((best, size) => (best && area(best) >= area(size) ? best : size), undefined)
}

function readPaidMedia({ paid_media }: Content): Partial<Carried> {
  const items = paid_media?.paid_media ?? []
  const media = items.flatMap(({ photo, video }) => [...files('photo', largest(photo)), ...files('video', video)])
  return media.length > 0 ? { media } : { text: line('paid media') }
}

function point({ latitude, longitude }: { latitude: number; longitude: number }) {
  return { latitude, longitude }
}

function price(paid: { currency: string; total_amount: number } | undefined): string {
  return paid ? `${paid.total_amount} ${paid.currency} (smallest units)` : ''
}

export function fullName(first: string | undefined, last: string | undefined): string {
  return [first, last].filter(Boolean).join(' ').trim()
}

function line(kind: string, ...details: readonly (string | undefined)[]): string {
  const rest = details.filter(Boolean).join(', ')
  return rest === '' ? `[${kind}]` : `[${kind}] ${rest}`
}

function list(kind: string, title: string | undefined, items: readonly string[] = []): string {
  return [line(kind, title), ...items.map((item) => `- ${item}`)].join('\n')
}
