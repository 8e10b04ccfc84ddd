/** What can be answered, by how it came in. */
import type { Capabilities, SurfaceCapabilities } from '#channel/capabilities.ts'
import { isByHand, type Kind, type Settings } from './settings.ts'

const megabyte = 1_000_000
/** A day, as long as a delivery is tried: the brand's program drops an id it knows. */
const dayMs = 24 * 3_600_000

// The limits are ours; bodies should stay small, and receivers answer within 15 to 30 s:
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, read 2026-11-25
const file = { maxBytes: 5 * megabyte, maxPerReply: 5, mimeTypes: null }
// https://www.standardwebhooks.com/, read 2026-11-25
const text = { max: 20_000, unit: 'code-points', whenTooLong: 'reject' } as const

const signed: SurfaceCapabilities = {
  text,
  media: { photo: file, video: file, audio: file, document: file },
  // One call brings both.
  caption: text,
  windows: [],
  edit: null,
  remove: null,
  typing: false,
  cost: null,
  undoMs: 3_000,
}

/** A person speaks to a person: nothing is sent, so nothing limits it but what fits into a note. */
const spoken = (act: { readonly en: string; readonly zh: string }): SurfaceCapabilities => ({
  ...signed,
  media: {},
  caption: null,
  undoMs: 0,
  byHand: { act },
})

/** Of an account that answers by webhook. A repeated call with the same webhook-id is safe, says the specification: */
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#idempotency, read 2026-11-25
export const capabilities: Capabilities = {
  surfaces: { direct: signed },
  concurrency: 10,
  rate: { calls: 50, intervalMs: 1_000 },
  idempotentSend: true,
  repeatWithinMs: dayMs,
  timeoutMs: { call: 8_000, upload: 30_000 },
}

const acts: Record<Kind, { readonly en: string; readonly zh: string }> = {
  phone: { en: 'Call back', zh: '回电' },
  store: { en: 'Contact the customer', zh: '联系顾客' },
  form: { en: 'Contact the customer', zh: '联系顾客' },
  app: { en: 'Contact the customer', zh: '联系顾客' },
}

const { repeatWithinMs: _repeat, ...calm } = capabilities
const byHand = Object.fromEntries(
  Object.entries(acts).map(([kind, act]) => [
    kind,
    { ...calm, idempotentSend: false, surfaces: { direct: spoken(act) } } satisfies Capabilities,
  ]),
) as unknown as Record<Kind, Capabilities>

export const capabilitiesOf = (settings: Settings): Capabilities =>
  isByHand(settings) ? byHand[settings.kind] : capabilities
