/** The simulated platform: one app, one account that has signed in to it, everybody else, and what they said. */

export interface Person {
  readonly id: string
  readonly username: string
  readonly name: string
  readonly followers?: number
}

export interface SimMedia {
  readonly key: string
  readonly kind: 'photo' | 'video' | 'animated_gif'
  readonly bytes: Buffer
  readonly width: number
  readonly height: number
}

export interface SimPost {
  readonly id: string
  /** All versions, the oldest first; shared by them. */
  readonly versions: string[]
  readonly authorId: string
  /** As it was typed, without the names X puts at the head. */
  readonly typed: string
  /** Those names, as ids. */
  readonly head: readonly string[]
  readonly at: number
  readonly conversationId: string
  readonly replyTo: string | null
  readonly quotes: string | null
  readonly mediaKeys: readonly string[]
  /** Before this the account's mentions do not list it. */
  readonly listedAt: number
}

export interface SimMessage {
  readonly id: string
  readonly senderId: string
  readonly recipientId: string
  readonly text: string
  readonly at: number
  readonly mediaKey: string | null
}

export interface Upload {
  readonly id: string
  readonly type: string
  readonly category: string
  readonly total: number
  readonly pieces: Buffer[]
  finished: boolean
  /** Looks until it is ready. */
  looks: number
}

export interface SimWebhook {
  readonly id: string
  readonly url: string
  readonly createdAt: string
  valid: boolean
}

export interface SimSubscription {
  readonly subscription_id: string
  readonly event_type: string
  readonly filter: { readonly user_id?: string }
  readonly webhook_id: string | null
  readonly tag: string | null
}

export interface App {
  readonly apiKey: string
  readonly apiSecret: string
  readonly clientId: string
  /** '' : a public client. */
  readonly clientSecret: string
  readonly bearerToken: string
}

/** What was accepted from the account: what people see. */
export interface LedgerEntry {
  readonly surface: 'public' | 'direct'
  readonly id: string
  readonly text: string
  /** Whom it reaches: the author answered, the person written to, or the group. */
  readonly to: string
  readonly inReplyTo: string | null
  readonly media: readonly string[]
}

export interface CallEntry {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** A status, or how it ended; null while it runs. */
  outcome: number | 'silence' | 'reset' | 'cut' | 'garbage' | null
}

export interface World {
  readonly app: App
  readonly account: Person
  readonly keys: { readonly accessToken: string; readonly accessSecret: string }
  readonly enterprise: boolean
  readonly repeats: boolean
  readonly oauth: {
    refreshToken: string
    readonly spent: Set<string>
    readonly access: Map<string, number>
    ended: boolean
    refreshes: number
  }
  readonly people: Map<string, Person>
  /** Every version by its id. */
  readonly posts: Map<string, SimPost>
  readonly deleted: Set<string>
  readonly messages: SimMessage[]
  readonly media: Map<string, SimMedia>
  readonly uploads: Map<string, Upload>
  readonly webhooks: SimWebhook[]
  readonly subscriptions: SimSubscription[]
  /** People who take no messages. */
  readonly closed: Set<string>
  readonly revoked: { keys: boolean }
  readonly ledger: LedgerEntry[]
  readonly calls: CallEntry[]
  readonly listeners: Set<(entry: LedgerEntry) => void>
  /** The simulator's own address, for files. */
  url: string
  now(): number
  nextId(at?: number): string
}

export function accept(world: World, entry: LedgerEntry): void {
  world.ledger.push(entry)
  for (const listener of world.listeners) listener(entry)
}
