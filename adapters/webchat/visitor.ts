/** Who a visitor is: what their site signed, or a token of ours that nobody else can make or guess. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { refused, verifyJwt } from './jwt.ts'
import type { Settings } from './settings.ts'
import type { Visitor } from './types.ts'

export interface Known extends Visitor {
  /** Until then the token is good; null: always. */
  readonly until: Date | null
}

const mark = 'hxv1'

/** Nothing is stored for it: whoever never writes leaves nothing behind. */
export function newToken({ visitorKey }: Pick<Settings, 'visitorKey'>): string {
  const id = randomBytes(16).toString('base64url')
  return `${mark}.${id}.${sealOf(visitorKey, 'visitor', id)}`
}

/** Throws WebhookRejected. */
export function visitorOf(request: Request, settings: Settings, now: Date): Known {
  const [scheme, token = ''] = (request.headers.get('authorization') ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'bearer') throw refused()
  return token.startsWith(`${mark}.`) ? unknownVisitor(token, settings) : signedVisitor(token, settings, now)
}

function unknownVisitor(token: string, { visitorKey, anonymous }: Settings): Known {
  const [, id = '', seal = '', ...more] = token.split('.')
  if (!anonymous || more.length > 0 || !isSeal(seal, sealOf(visitorKey, 'visitor', id))) throw refused()
  return { id: `a:${id}`, name: null, handle: null, until: null }
}

function signedVisitor(token: string, { siteSecret, audience }: Settings, now: Date): Known {
  const { sub, name, exp } = verifyJwt(token, { secret: siteSecret, audience, now })
  const shown = name?.trim() ?? ''
  return { id: `u:${sub}`, name: shown === '' ? null : shown, handle: sub, until: new Date(exp * 1000) }
}

/** Shown with a line, and given back with its receipt: nobody tells of lines they did not get. */
export const receiptCode = (
  { visitorKey }: Pick<Settings, 'visitorKey'>,
  visitor: Pick<Visitor, 'id'>,
  lineId: string,
) => sealOf(visitorKey, 'line', visitor.id, lineId)

export function isReceiptCode(
  settings: Pick<Settings, 'visitorKey'>,
  visitor: Pick<Visitor, 'id'>,
  line: { readonly id: string; readonly code: string },
): boolean {
  return isSeal(line.code, receiptCode(settings, visitor, line.id))
}

const sealOf = (key: string, ...parts: string[]) =>
  createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url')

function isSeal(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
