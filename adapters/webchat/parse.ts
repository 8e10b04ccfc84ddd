import { createHash } from 'node:crypto'
import type { ExternalMedia, InboundEvent } from '#channel/events.ts'
import { type Language, Payload, type Visitor } from './types.ts'

/** A visitor's thread is theirs alone, so it is called as they are. */
export function parse(raw: unknown): readonly InboundEvent[] {
  const payload = Payload.safeParse(raw)
  if (!payload.success) {
    const digest = createHash('sha256')
      .update(JSON.stringify(raw) ?? '')
      .digest('hex')
    return [{ type: 'unread', externalId: `body:${digest}`, reason: 'no message of the web chat', raw }]
  }
  const { visitor, id, text, at, language, file } = payload.data
  return [
    {
      type: 'message',
      message: {
        externalId: externalIdOf(visitor, id),
        sequence: null,
        threadId: visitor.id,
        rootId: null,
        parentId: null,
        surface: 'direct',
        author: {
          externalId: visitor.id,
          name: visitor.name ?? unknownName(visitor, language),
          isNamed: visitor.name !== null,
          handle: visitor.handle,
          avatarUrl: null,
          followers: null,
        },
        text: text.trim() === '' && !file ? '[unsupported] empty' : text,
        context: null,
        media: file ? [mediaOf(file)] : [],
        location: null,
        url: null,
        sentAt: new Date(at),
        replyable: { allowed: true, reason: null },
        groupKey: null,
        raw,
      },
    },
  ]
}

/** The widget's id is its own visitor's only: nobody can take another's. */
export const externalIdOf = (visitor: Pick<Visitor, 'id'>, clientId: string): string => `${visitor.id}:${clientId}`

export function clientIdOf(visitor: Pick<Visitor, 'id'>, externalId: string | null): string | null {
  return externalId?.startsWith(`${visitor.id}:`) ? externalId.slice(visitor.id.length + 1) : null
}

/** The last letters tell two unknown visitors in the queue apart. */
function unknownName({ id }: Visitor, language: Language): string {
  const mark = id.slice(-4).toUpperCase()
  return language === 'en' ? `Visitor ${mark}` : `访客 ${mark}`
}

function mediaOf({ key, ...file }: NonNullable<Payload['file']>): ExternalMedia {
  return { ...file, externalId: key, reference: { key }, durationMs: null }
}
