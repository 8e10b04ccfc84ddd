/** Everything that is run from due work, by kind. A new kind is one line here. */
import { sql } from 'drizzle-orm'
import { pruneChannelLog } from './accounts/channel-log.ts'
import { checkHandler } from './accounts/check.ts'
import { checkKind } from './accounts/check-due.ts'
import { holdHandler, holdKind } from './accounts/hold.ts'
import type { SafeFetch } from './accounts/safe-fetch.ts'
import { pruneSessions } from './auth/sign-in.ts'
import { askForFacts } from './automatic/ask-for-facts.ts'
import { automaticHandlers } from './automatic/plan.ts'
import type { DueHandler } from './db/run-due.ts'
import type { Deps } from './deps.ts'
import { warrantyHandler, warrantyKind } from './facts/warranty.ts'
import { pruneIdempotencyKeys } from './idempotency.ts'
import { followUpHandlers } from './inbound/follow-up.ts'
import { pruneImports } from './inbound/imports/imports.ts'
import { importHandler, importKind } from './inbound/imports/run.ts'
import type { Ingest } from './inbound/ingest.ts'
import { mediaHandler } from './inbound/media.ts'
import { sweepHandler, uploadsHandler } from './inbound/tidy-media.ts'
import { answerKind } from './incidents/answer.ts'
import { answerHandler } from './incidents/send.ts'
import { pruneHandler } from './live/prune.ts'
import type { MediaStore } from './media-store.ts'
import { pruneNotices } from './notices/notices.ts'
import { findSentHandler } from './outbound/find-sent.ts'
import type { SettleHooks } from './outbound/settle.ts'
import { movedHandler, movedKind } from './promises/moved.ts'
import { recomputeHandler, recomputeKind } from './promises/recompute.ts'
import { clockKind } from './promises/refresh.ts'
import { ringHandler } from './promises/ring.ts'
import { drawHandler, drawKind } from './quality/draw.ts'
import type { Patterns } from './rules/pattern.ts'
import { pruneRules } from './rules/prune.ts'
import { triageHandler } from './rules/run.ts'
import { forgetTries } from './status-page/guess.ts'
import { forgetVisits, proofHandler, proofKind } from './status-page/proof.ts'
import { assignKind } from './teams/ask.ts'
import { assignHandler } from './teams/assign.ts'
import { giveBackHandler, giveBackKind } from './teams/give-back.ts'
import { bulkHandler, bulkKind } from './tickets/bulk/run.ts'
import { scheduledHandler } from './tickets/scheduled.ts'
import { triageKind } from './tickets/triage-due.ts'
import { unsnoozeHandler } from './tickets/unsnooze.ts'
import { approvalHandler } from './together/approval-due.ts'
import { approvalKind } from './together/approvals.ts'

export interface DueDeps extends Deps {
  readonly hooks: SettleHooks
  readonly media: MediaStore
  readonly ingest: Ingest
  readonly wakeSender: () => void
  readonly patterns: Patterns
  readonly safeFetch: SafeFetch
  readonly passing?: (point: `due:${string}`) => void | Promise<void>
}

/** Kinds that always have a row. */
export const recurring = ['prune_events', 'prune', 'uploads', 'media_sweep', drawKind]

export function dueHandlers(deps: DueDeps): Readonly<Record<string, DueHandler | { run: DueHandler; atOnce: number }>> {
  const scheduled = scheduledHandler(deps)
  const handlers: Record<string, DueHandler> = {
    ...followUpHandlers(deps),
    'find-sent': findSentHandler(deps),
    scheduled: async (row) => {
      await scheduled(row)
      deps.wakeSender()
    },
    unsnooze: unsnoozeHandler(deps),
    ...automaticHandlers(deps),
    [proofKind]: proofHandler(deps),
    [approvalKind]: approvalHandler(deps),
    [answerKind]: answerHandler(deps),
    [drawKind]: drawHandler(deps),
    [clockKind]: ringHandler(deps),
    [assignKind]: assignHandler(deps),
    [giveBackKind]: giveBackHandler(deps),
    [checkKind]: checkHandler(deps),
    [holdKind]: holdHandler(deps),
    prune_events: pruneHandler(deps),
    prune: pruneOld(deps),
    uploads: uploadsHandler(deps),
    media_sweep: sweepHandler(deps),
  }
  return {
    ...wrap(handlers, deps.passing),
    // Each ticket is a transaction of its own: two at once are enough beside everything else.
    [bulkKind]: { run: wrapOne(bulkKind, bulkHandler(deps), deps.passing), atOnce: 2 },
    media: { run: wrapOne('media', mediaHandler(deps), deps.passing), atOnce: 3 },
    // A slow rule holds up other tickets' rules, and nothing else.
    [triageKind]: {
      run: wrapOne(triageKind, triageHandler({ ...deps, onQuestion: askForFacts(deps) }), deps.passing),
      atOnce: 4,
    },
    // Of their own: a crowd's clocks are worked out behind everything that people wait for.
    [movedKind]: { run: wrapOne(movedKind, movedHandler(deps), deps.passing), atOnce: 2 },
    [recomputeKind]: { run: wrapOne(recomputeKind, recomputeHandler(deps), deps.passing), atOnce: 1 },
    // Slow systems of others, likewise.
    [warrantyKind]: { run: wrapOne(warrantyKind, warrantyHandler(deps), deps.passing), atOnce: 3 },
    // Each holds its file in memory.
    [importKind]: { run: wrapOne(importKind, importHandler(deps), deps.passing), atOnce: 2 },
  }
}

/** What is kept for support or repeats only goes when its time is over. */
function pruneOld({ db, now }: DueDeps): DueHandler {
  return async () => {
    await pruneIdempotencyKeys(db, now())
    await pruneChannelLog(db)
    await pruneSessions(db)
    await pruneImports(db, now())
    await db.execute(sql`delete from bulk_changes where ended_at < now() - interval '30 days'`)
    await forgetTries({ db, now })
    await forgetVisits({ db, now })
    await pruneRules(db, now())
    await pruneNotices(db)
    await db.execute(sql`delete from raw_payloads where created_at < now() - interval '30 days'`)
    await db.execute(sql`delete from presence where expires_at < now() - interval '1 hour'`)
    await db.execute(sql`delete from inbound_unread where replayed_at < now() - interval '30 days'`)
    return { again: new Date(now().getTime() + 3_600_000) }
  }
}

function wrap(handlers: Record<string, DueHandler>, passing: DueDeps['passing']): Record<string, DueHandler> {
  return Object.fromEntries(Object.entries(handlers).map(([kind, handler]) => [kind, wrapOne(kind, handler, passing)]))
}

/** Claimed, and about to do its work. */
function wrapOne(kind: string, handler: DueHandler, passing: DueDeps['passing']): DueHandler {
  if (!passing) return handler
  return async (row, run) => {
    await passing(`due:${kind}`)
    return handler(row, run)
  }
}
