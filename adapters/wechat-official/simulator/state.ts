/** What the simulated WeChat knows: one official account, its followers, its files, its access tokens. */
import { randomBytes, randomInt } from 'node:crypto'

export interface Person {
  readonly openId: string
  follows: boolean
  refuses: boolean
  /** Milliseconds of WeChat's clock; null: never. */
  wroteAt: number | null
  openedAt: number | null
  /** Customer-service messages since the person last wrote, and since a click, scan or follow. */
  sinceWrote: number
  sinceOpened: number
  typingUntil: number
  heardAt: number | null
}

export interface StoredMedia {
  readonly mediaId: string
  readonly type: string
  readonly bytes: Buffer
  readonly mimeType: string
  readonly storedAt: number
}

export interface IssuedToken {
  readonly value: string
  readonly expiresAt: number
}

export interface SimulatedAccount {
  readonly appId: string
  readonly originalId: string
  appSecret: string
  certified: boolean
  /** Whom the whitelist keeps out; null: nobody. */
  refusedIp: string | null
  readonly people: Map<string, Person>
  readonly media: Map<string, StoredMedia>
  current: IssuedToken | null
  /** The one before, good for five minutes when it was replaced in time. */
  previous: IssuedToken | null
  forcedAt: number[]
  /** How many different tokens there have been. */
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

export function createAccount(appId: string, appSecret: string): SimulatedAccount {
  return {
    appId,
    originalId: `gh_${randomBytes(6).toString('hex')}`,
    appSecret,
    certified: true,
    refusedIp: null,
    people: new Map(),
    media: new Map(),
    current: null,
    previous: null,
    forcedAt: [],
    tokensIssued: 0,
  }
}

export function personOf(account: SimulatedAccount, openId: string): Person {
  const known = account.people.get(openId)
  if (known) return known
  const person: Person = {
    openId,
    follows: true,
    refuses: false,
    wroteAt: null,
    openedAt: null,
    sinceWrote: 0,
    sinceOpened: 0,
    typingUntil: 0,
    heardAt: null,
  }
  account.people.set(openId, person)
  return person
}

export function store(account: SimulatedAccount, given: Omit<StoredMedia, 'mediaId'>): StoredMedia {
  const stored = { mediaId: randomBytes(48).toString('base64url'), ...given }
  account.media.set(stored.mediaId, stored)
  return stored
}

/** 64 bits, and more than a JavaScript number holds. */
export const newMsgId = (): string => `2${String(randomInt(2 ** 40)).padStart(13, '0')}${randomInt(10000, 99999)}`
