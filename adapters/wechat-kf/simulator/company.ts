/** What the simulated WeCom knows: one company, its service accounts, customers, conversations, files and tokens. */
import { randomBytes } from 'node:crypto'

export interface ServiceAccount {
  readonly id: string
  readonly name: string
  managed: boolean
}

export interface Customer {
  readonly id: string
  nickname: string | null
  avatar: string
  /** Takes no messages: they are accepted, and fail afterwards. */
  refuses: boolean
}

export interface Conversation {
  readonly openKfId: string
  readonly customer: string
  /** 0 new, 1 the assistant, 2 waits, 3 a colleague, 4 ended. */
  state: number
  servicer: string | null
  /** Milliseconds of WeCom's clock; null: never. */
  wroteAt: number | null
  /** Messages to the customer since then. */
  since: number
  welcomedAt: number | null
  /** What the customer wrote last. */
  last: string
}

export interface StoredMedia {
  readonly mediaId: string
  readonly type: string
  readonly bytes: Buffer
  readonly mimeType: string
  readonly name: string
  readonly storedAt: number
}

/** A line of `msg_list`. */
export type Line = Readonly<Record<string, unknown>> & { readonly msgid: string; readonly send_time: number }

export interface Company {
  readonly corpId: string
  secret: string
  ipRefused: boolean
  readonly accounts: Map<string, ServiceAccount>
  readonly customers: Map<string, Customer>
  readonly conversations: Map<string, Conversation>
  readonly lines: Map<string, Line[]>
  readonly media: Map<string, StoredMedia>
  /** Ids of messages that were taken from us. */
  readonly taken: Map<string, string>
  readonly welcomes: Map<string, { readonly conversation: Conversation; readonly at: number }>
  /** Tokens of calls, with when they were given. */
  readonly callTokens: Map<string, number>
  access: { readonly value: string; readonly expiresAt: number } | null
  tokensIssued: number
}

export interface Clock {
  now(): number
  advance(ms: number): void
}

export function createClock(): Clock {
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    advance(ms) {
      ahead += ms
    },
  }
}

export function createCompany(
  corpId: string,
  secret: string,
  accounts: readonly { id: string; name: string }[],
): Company {
  return {
    corpId,
    secret,
    ipRefused: false,
    accounts: new Map(accounts.map(({ id, name }) => [id, { id, name, managed: true }])),
    customers: new Map(),
    conversations: new Map(),
    lines: new Map(accounts.map(({ id }) => [id, []])),
    media: new Map(),
    taken: new Map(),
    welcomes: new Map(),
    callTokens: new Map(),
    access: null,
    tokensIssued: 0,
  }
}

export function customerOf({ customers }: Company, id: string): Customer {
  const known = customers.get(id)
  if (known) return known
  const customer: Customer = { id, nickname: null, avatar: '', refuses: false }
  customers.set(id, customer)
  return customer
}

export function conversationOf(company: Company, openKfId: string, customer: string): Conversation {
  const key = `${openKfId} ${customer}`
  const known = company.conversations.get(key)
  if (known) return known
  const made: Conversation = {
    openKfId,
    customer,
    state: 4,
    servicer: null,
    wroteAt: null,
    since: 0,
    welcomedAt: null,
    last: '',
  }
  company.conversations.set(key, made)
  return made
}

export function store(company: Company, given: Omit<StoredMedia, 'mediaId'>): StoredMedia {
  const stored = { mediaId: randomBytes(40).toString('base64url'), ...given }
  company.media.set(stored.mediaId, stored)
  return stored
}

/** As WeCom's look: letters, digits, `-` and `_`. */
export const newMsgId = (): string => randomBytes(24).toString('base64url')
