/** A post, a comment or a push → what it tells us. Pure, and never throws. */
import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { InboundEvent } from '#channel/events.ts'
import { readComment } from './comment.ts'
import type { Reading } from './context.ts'
import { idOf } from './ids.ts'
import { readPush } from './push.ts'
import { readStatus } from './status.ts'
import { Comment, Push, Status } from './types.ts'

export type Kind = 'status' | 'comment' | 'push'

/** `kind`: what the place it comes from gives; left out, its fields tell. */
export function parse(raw: unknown, reading: Reading, kind: Kind = kindOf(raw)): readonly InboundEvent[] {
  switch (kind) {
    case 'push':
      return read(Push, raw, 'a push', (push) => readPush(push, raw, reading))
    case 'comment':
      return read(Comment, raw, 'a comment', (comment) => readComment(comment, raw, reading))
    case 'status':
      return read(Status, raw, 'a post', (status) => readStatus(status, raw, reading))
  }
}

/** Only a push has a sender, only a comment stands under a post. */
function kindOf(raw: unknown): Kind {
  if (typeof raw !== 'object' || raw === null) return 'status'
  if ('sender_id' in raw) return 'push'
  const under = 'status' in raw && typeof raw.status === 'object'
  return under || 'reply_comment' in raw || 'rootid' in raw ? 'comment' : 'status'
}

function read<T>(
  schema: z.ZodType<T>,
  raw: unknown,
  what: string,
  events: (value: T) => readonly InboundEvent[] | null,
): readonly InboundEvent[] {
  const value = schema.safeParse(raw)
  if (!value.success) return unread(raw, `${what}: ${issueOf(value.error)}`)
  return events(value.data) ?? unread(raw, `${what} without an id, an author or a place`, value.data)
}

function unread(raw: unknown, reason: string, value?: unknown): readonly InboundEvent[] {
  const id = typeof value === 'object' && value !== null ? idOf(value) : null
  const digest = createHash('sha256')
    .update(JSON.stringify(raw) ?? '')
    .digest('base64url')
  return [{ type: 'unread', externalId: id === null ? `body:${digest}` : `unread:${id}`, reason, raw }]
}

/** Where and what, never the value. */
function issueOf(error: z.ZodError): string {
  const issue = error.issues[0]
  return issue ? `${issue.path.join('.')}: ${issue.code}` : 'not readable'
}
