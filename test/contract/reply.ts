import { randomUUID } from 'node:crypto'
import type { MediaKind, Surface } from '../../src/channel/events.ts'
import type { OutboundMedia, Reply } from '../../src/channel/reply.ts'
import { patience } from '../helpers/patience.ts'
import type { Stage } from './stage.ts'

/** A reply in the sample's thread of this surface, with a small file of `kind` when one is named. */
export function replyTo(
  { adapter, sample }: Stage,
  surface: Surface,
  { kind = null, ...more }: { kind?: MediaKind | null } & Partial<Pick<Reply, 'text' | 'signal' | 'doubted'>> = {},
): Reply {
  const thread = sample.threads[surface]
  const can = adapter.capabilities.surfaces[surface]
  if (!thread || !can) throw new Error(`contract.ts brings no thread for ${surface}`)
  const text = kind !== null && can.caption === null ? '' : '您好 👋'
  return {
    deliveryId: randomUUID(),
    thread: { externalId: thread.id, rootId: thread.rootId ?? null },
    surface,
    to: thread.to ?? 'somebody',
    inReplyTo: thread.inReplyTo,
    text,
    media: kind === null ? [] : [file(kind, can.media[kind]?.mimeTypes?.[0] ?? usual[kind])],
    doubted: false,
    signal: AbortSignal.timeout(5000 * patience),
    ...more,
  }
}

const usual: { readonly [kind in MediaKind]: string } = {
  photo: 'image/jpeg',
  video: 'video/mp4',
  voice: 'audio/ogg',
  audio: 'audio/mpeg',
  document: 'application/octet-stream',
  sticker: 'image/webp',
}

/** How files of a type begin: platforms look. */
const heads: Readonly<Record<string, string>> = {
  'image/jpeg': 'ffd8ffe000104a46494600010100000100010000',
  'image/png': '89504e470d0a1a0a0000000d49484452',
  'image/gif': '474946383961010001000000002c',
  'image/webp': '524946462400000057454250',
  'video/mp4': '000000186674797069736f6d0000020069736f6d',
  'audio/ogg': '4f676753000200000000',
  'audio/mpeg': '494433030000000000',
  'audio/amr': '2321414d520a',
}

function file(kind: MediaKind, mimeType: string): OutboundMedia {
  const bytes = Buffer.concat([Buffer.from(heads[mimeType] ?? '', 'hex'), Buffer.alloc(64, 1)])
  return { kind, mimeType, name: '图 1.bin', size: bytes.length, bytes: async () => bytes }
}
