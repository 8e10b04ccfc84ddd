import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { previewOf } from '../preview.ts'
import { shownText } from '../shown-text.ts'
import type { Later } from './state.ts'

export interface LaterMessage extends Later {
  readonly id: string
  readonly threadId: string | null
}

/** Messages `m` of a ticket, in the order in which they came into it. */
export async function readLater(tx: Tx, where: SQL): Promise<LaterMessage[]> {
  const rows = await tx.execute<{
    id: string
    thread_id: string | null
    direction: Later['direction']
    at: string
    automatic: boolean
    text: string
    kind: string | null
    located: boolean
    fate: Later['fate']
  }>(sql`
    select m.id, m.thread_id, m.direction, m.ordered_at as at, m.automatic, ${shownText} as text,
      m.location is not null as located,
      (select kind from media where message_id = m.id order by position, id limit 1) as kind,
      case
        when not exists (select from deliveries d where d.message_id = m.id) then 'sent'
        when exists (select from deliveries d where d.message_id = m.id and d.state not in ('failed', 'cancelled')
          and not (d.by_hand and d.state = 'queued')) then 'sent'
        when exists (select from deliveries d where d.message_id = m.id and d.by_hand and d.state = 'queued') then 'planned'
        else 'lost'
      end as fate
    from messages m where ${where} order by m.ticket_version, m.received_at, m.id`)
  return rows.map(({ id, thread_id, direction, at, automatic, text, kind, located, fate }) => {
    const location = located ? { latitude: 0, longitude: 0, title: null } : null
    const preview = previewOf({ text, media: kind === null ? [] : [{ kind }], location })
    return { id, threadId: thread_id, direction, at: new Date(at), automatic, fate, preview }
  })
}
