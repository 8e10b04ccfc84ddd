/** Takes a file an agent or a program wants to send. */

import { and, eq, isNull, sql } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { visibleAccount } from '../accounts/scoped.ts'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Adapter } from '../channel/adapter.ts'
import type { MediaKind } from '../channel/events.ts'
import { newId } from '../db/id.ts'
import { accounts, brands, media, tickets } from '../db/schema.ts'
import { FileTooLarge } from '../media-store.ts'
import { kindOf } from '../media-type.ts'
import { notFound, Refused, unprocessable } from '../problem.ts'
import type { Media } from '../wire.ts'
import { keepFile } from './keep-file.ts'
import type { MediaRouteDeps } from './media-routes.ts'
import { dropRest, type Form, formLimits, readForm } from './read-form.ts'

const mebibyte = 1024 * 1024
const mostBytes = 50 * mebibyte
/** Of one person, uploaded and not sent yet. */
const quota = { files: 100, bytes: 1024 * mebibyte }
/** Of one person, at the same time, on this node. */
const atOnce = 4

export function createUploads(deps: MediaRouteDeps) {
  const maxBytes = largestAllowed(deps.channels)
  const underWay = new Map<string, number>()

  async function take(request: FastifyRequest, reply: FastifyReply): Promise<Media> {
    const { actor } = request
    if (!request.isMultipart())
      throw new Refused(415, 'unsupported_media_type', 'The body must be multipart/form-data.')
    const open = underWay.get(actor.id) ?? 0
    if (open >= atOnce)
      throw new Refused(429, 'too_many_uploads', 'Too many uploads at the same time.', { retryAfterSeconds: 5 })
    underWay.set(actor.id, open + 1)
    try {
      await refuseBeforehand(actor, Number(request.headers['content-length'] ?? 0))
      return await store(actor, await readForm(request, deps.media, maxBytes))
    } catch (error) {
      dropRest(request.raw, reply.raw)
      throw error instanceof FileTooLarge ? tooLarge() : error
    } finally {
      const left = underWay.get(actor.id)! - 1
      if (left > 0) underWay.set(actor.id, left)
      else underWay.delete(actor.id)
    }
  }

  /** What is known before a byte of the file was read. */
  async function refuseBeforehand(actor: Actor, declaredBytes: number): Promise<void> {
    if (declaredBytes > maxBytes + mebibyte) throw tooLarge()
    const [used] = await deps.db
      .select({ files: sql<number>`count(*)::int`, bytes: sql<number>`coalesce(sum(${media.bytes}), 0)::float8` })
      .from(media)
      .where(and(eq(media.uploadedBy, actor.id), isNull(media.messageId)))
    if (used!.files >= quota.files || used!.bytes >= quota.bytes) {
      throw new Refused(429, 'upload_quota', 'Too many files were uploaded and not sent.', {
        ...quota,
        retryAfterSeconds: 3_600,
      })
    }
  }

  async function store(actor: Actor, { fields, file, name }: Form): Promise<Media> {
    try {
      const { bytes, sha256, mimeType, size } = file
      const row = {
        id: newId(),
        kind: chosenKind(fields.kind, mimeType),
        state: 'ready' as const,
        name,
        mimeType,
        bytes,
        width: size?.width ?? null,
        height: size?.height ?? null,
      }
      const brandId = await brandOf(actor, fields)
      await deps.db.transaction(async (tx) => {
        await keepFile(tx, file)
        await tx.insert(media).values({ ...row, brandId, sha256, uploadedBy: actor.id, createdAt: deps.now() })
      })
      return { ...row, reason: null, durationMs: null }
    } catch (error) {
      await file.discard()
      throw error
    }
  }

  async function brandOf(actor: Actor, { ticketId, accountId }: Form['fields']): Promise<string> {
    if (ticketId !== undefined) {
      const [ticket] = await deps.db
        .select({ brandId: tickets.brandId })
        .from(tickets)
        .where(and(eq(tickets.id, ticketId), inScope(actor, tickets.brandId)))
      if (!ticket) throw notFound('ticket')
      return ticket.brandId
    }
    if (accountId !== undefined) {
      const account = visibleAccount(actor, accountId)
      const [found] = await deps.db.select({ brandId: accounts.brandId }).from(accounts).where(account)
      if (!found) throw notFound('account')
      return found.brandId
    }
    const seen = await deps.db
      .select({ id: brands.id })
      .from(brands)
      .where(and(inScope(actor, brands.id), isNull(brands.archivedAt)))
      .limit(2)
    if (seen.length !== 1) throw unprocessable('ticket_needed', 'Say by `ticketId` what the file is for.')
    return seen[0]!.id
  }

  const tooLarge = () => new Refused(413, 'too_large', 'The file is too large.', { max: maxBytes })

  return {
    take,
    limits: { ...formLimits, fileSize: maxBytes + 1 },
  }
}

/** What no channel can send need not come in. */
function largestAllowed(channels: ReadonlyMap<string, Adapter<unknown>>): number {
  const limits = [...channels.values()].flatMap(({ capabilities }) =>
    Object.values(capabilities.surfaces).flatMap((surface) => Object.values(surface.media).map((one) => one.maxBytes)),
  )
  return limits.length === 0 ? mostBytes : Math.min(Math.max(...limits), mostBytes)
}

function chosenKind(wanted: MediaKind | undefined, mimeType: string): MediaKind {
  if (wanted === undefined) return kindOf(mimeType)
  const family = { photo: 'image/', video: 'video/', audio: 'audio/', voice: 'audio/', document: '', sticker: '' }[
    wanted
  ]
  if (!mimeType.startsWith(family))
    throw unprocessable('media_kind_mismatch', 'The file is of another kind.', { mimeType })
  return wanted
}
