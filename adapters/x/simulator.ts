/**
 * X on loopback: a real HTTP server with one app, one account that signed in to it, and everybody else, for the demo, tests
 * and faults. Written from https://docs.x.com and X's own samples, not from the adapter, which cannot tell it from X but for
 * its address.
 */
import { randomBytes } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Customer, customerOf } from './simulator/customers.ts'
import { createDeliverer, type Delivery } from './simulator/deliver.ts'
import { createFaults, type Fault, type Script } from './simulator/faults.ts'
import { addMessage } from './simulator/messages.ts'
import { addPost } from './simulator/posts.ts'
import { createRateKeeper } from './simulator/rate.ts'
import { includesOf, renderLegacy, renderPerson, renderPost } from './simulator/render.ts'
import { serve } from './simulator/serve.ts'
import { createIds } from './simulator/snowflake.ts'
import type { CallEntry, LedgerEntry, Person, SimPost, SimSubscription, SimWebhook, World } from './simulator/state.ts'

export type { Customer, PostOptions } from './simulator/customers.ts'
export type { Fault, Script } from './simulator/faults.ts'
export { drawPicture } from './simulator/picture.ts'
export { problem, Refusal, refusals } from './simulator/refusal.ts'
export type { CallEntry, LedgerEntry, Person, SimPost } from './simulator/state.ts'

export interface SimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number
  readonly account?: Person
  /** A public client has none. */
  readonly clientSecret?: string
  /** Answers anybody. */
  readonly enterprise?: boolean
  /** Multiplies every limit. Default 1: X's own. */
  readonly generous?: number
  /** Takes the same words twice, which X does not. */
  readonly repeats?: boolean
  /** The platform's clock. Signatures are judged by the real one. */
  readonly now?: () => number
}

export interface XSimulator {
  /** What an account's `apiRoot` is set to. */
  readonly url: string
  readonly account: Person
  /** Settings that sign in with the four keys, or by OAuth 2; polling unless said otherwise. */
  settings(auth?: 'oauth1' | 'oauth2'): Record<string, unknown>
  /** What was accepted, in order. */
  readonly ledger: readonly LedgerEntry[]
  /** All that was asked, refused calls included. */
  readonly calls: readonly CallEntry[]
  /** Calls of the webhook. */
  readonly deliveries: readonly Delivery[]
  readonly webhooks: readonly SimWebhook[]
  readonly subscriptions: readonly SimSubscription[]
  /** How often a refresh token was used well. */
  refreshes(): number
  onAccepted(listener: (entry: LedgerEntry) => void): () => void
  customer(person: Person): Customer
  /** The account's owner writes in X's own app. */
  ownerPosts(text: string, replyTo?: string): SimPost
  ownerWrites(personId: string, text: string): string
  /** The account takes its access back. */
  revoke(): void
  /** Access tokens are refused from now on, though their time is not over. */
  forgetAccessTokens(): void
  /** X challenges the webhooks, as it does from time to time. */
  challenge(): Promise<void>
  /** A signed call of the webhook with this body; resolves to its status. */
  pushRaw(body: unknown): Promise<number | null>
  /** All calls of webhooks that are under way have ended. */
  idle(): Promise<void>
  fail(script: Script): void
  /** Whichever of these comes first meets it. */
  failNext(on: readonly string[], fault: Fault, times?: number): void
  /** A post with an id of one's choice. */
  existing(person: Person, id: string, typed: string): void
  reset(): void
  close(): Promise<void>
}

export async function startXSimulator(options: SimulatorOptions = {}): Promise<XSimulator> {
  const {
    port = 0,
    clientSecret = 'client-secret-of-the-simulated-app',
    enterprise = false,
    generous = 1,
    now = Date.now,
  } = options
  const account = options.account ?? { id: '1790000000000000001', username: 'huixin_care', name: 'Huixin Care' }
  const secret = (name: string) => `${name}-${randomBytes(20).toString('base64url')}`
  const world: World = {
    app: {
      apiKey: secret('key'),
      apiSecret: secret('secret'),
      clientId: 'client-of-the-simulated-app',
      clientSecret,
      bearerToken: secret('bearer'),
    },
    account,
    keys: { accessToken: `${account.id}-${randomBytes(20).toString('base64url')}`, accessSecret: secret('access') },
    enterprise,
    repeats: options.repeats ?? false,
    oauth: { refreshToken: secret('refresh'), spent: new Set(), access: new Map(), ended: false, refreshes: 0 },
    people: new Map([[account.id, account]]),
    posts: new Map(),
    deleted: new Set(),
    messages: [],
    media: new Map(),
    uploads: new Map(),
    webhooks: [],
    subscriptions: [],
    closed: new Set(),
    revoked: { keys: false },
    ledger: [],
    calls: [],
    listeners: new Set(),
    url: '',
    now,
    nextId: createIds(now),
  }
  const startingRefreshToken = world.oauth.refreshToken
  const faults = createFaults()
  const rates = createRateKeeper(now, generous)
  const deliver = createDeliverer(world)

  function accepted(kind: 'post' | 'message', id: string): void {
    const post = world.posts.get(id)
    const message = world.messages.find((one) => one.id === id)
    if (kind === 'post' && post) {
      const { includes } = includesOf(world, [post])
      deliver.push('post.create', renderPost(world, post), { ...includes, users: [renderPerson(account)] })
    } else if (message) deliver.push('dm.sent', renderLegacy(world, message))
  }

  const nonces = new Set<string>()
  const server = http.createServer((request, response) => {
    serve({ world, faults, rates, deliver, nonces, accepted }, request, response).catch(
      () => response.destroy(), // The caller went away while it was sending.
    )
  })
  server.listen(port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject))
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url: world.url,
    account,
    settings(auth = 'oauth1') {
      const { apiKey, apiSecret, clientId, bearerToken } = world.app
      const common = { auth, apiRoot: world.url, bearerToken, apiSecret, clientSecret }
      return auth === 'oauth1'
        ? { ...common, apiKey, ...world.keys }
        : { ...common, clientId, refreshToken: startingRefreshToken }
    },
    ledger: world.ledger,
    calls: world.calls,
    deliveries: deliver.deliveries,
    webhooks: world.webhooks,
    subscriptions: world.subscriptions,
    refreshes: () => world.oauth.refreshes,
    onAccepted(listener) {
      world.listeners.add(listener)
      return () => void world.listeners.delete(listener)
    },
    customer: (person) => customerOf(world, deliver, person),
    ownerPosts(text, replyTo) {
      const post = addPost(world, { authorId: account.id, typed: text, replyTo: replyTo ?? null })
      accepted('post', post.id)
      return post
    },
    ownerWrites(recipientId, text) {
      const { id } = addMessage(world, { senderId: account.id, recipientId, text, mediaKey: null })
      accepted('message', id)
      return id
    },
    revoke() {
      world.revoked.keys = true
      world.oauth.ended = true
      const payload = { date_time: new Date(now()).toISOString(), user_id: account.id, app_id: '29820954' }
      deliver.push('oauth.revoke', payload)
    },
    forgetAccessTokens: () => world.oauth.access.clear(),
    async challenge() {
      for (const webhook of world.webhooks) await deliver.challenge(webhook)
    },
    pushRaw: (body) => deliver.pushRaw(typeof body === 'string' ? body : JSON.stringify(body)),
    idle: deliver.idle,
    fail: faults.fail,
    failNext: (on, fault, times = 1) => faults.fail({ on: on.join('|'), fault, times }),
    existing(person, id, typed) {
      world.people.set(person.id, person)
      const common = { replyTo: null, quotes: null, mediaKeys: [], head: [] }
      const at = now()
      world.posts.set(id, {
        ...common,
        id,
        versions: [id],
        authorId: person.id,
        typed,
        at,
        conversationId: id,
        listedAt: at,
      })
    },
    reset() {
      world.ledger.length = 0
      world.calls.length = 0
      faults.clear()
      rates.reset()
    },
    async close() {
      faults.clear()
      await deliver.idle()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
