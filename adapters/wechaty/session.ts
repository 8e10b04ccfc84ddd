/** wechaty from its start to its stop. */
import type { Account } from '#channel/adapter.ts'
import { ReadError } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import { failureOf, status } from './failure.ts'
import { createFiles, type Files } from './files.ts'
import { loadMemory } from './memory.ts'
import type { Line } from './puppet-package.ts'
import { createSaid, type Said } from './said.ts'
import { loadSdk, type Sdk } from './sdk.ts'
import type { PuppetLike } from './sdk-types.ts'
import type { Settings } from './settings.ts'
import { contactOf } from './snapshot.ts'
import type { Board } from './standing.ts'
import { texts } from './texts.ts'
import { aborted, within } from './wait.ts'

export interface Session {
  readonly puppet: PuppetLike
  readonly sdk: Sdk
  readonly files: Files
  readonly said: Said
  /** Who is signed in; null while nobody is. */
  user(): string | null
  /** The same, or who was last. */
  self(): string | null
  /** Rejects with a {@link ReadError} when the connection is no good any more; never resolves. */
  readonly broken: Promise<never>
  /** Within 8 s, whatever the puppet does. */
  stop(): Promise<void>
}

export type MakePuppet = (settings: Settings, sdk: Sdk, line: Line) => Promise<PuppetLike>

export interface SessionOptions {
  readonly account: Account<Settings>
  readonly tools: Tools
  readonly board: Board
  readonly make: MakePuppet
  readonly onMessage: (messageId: string) => void
  /** Gives up a start that is under way. */
  readonly signal: AbortSignal
}

const startMs = 20_000
const stopMs = 8000
/** https://github.com/wechaty/puppet/blob/main/src/schemas/event.ts (wechaty-puppet 1.21.3), read 2026-11-24 */
const scanStatus = { scanned: 3, confirmed: 4 }

/** Throws {@link ReadError} when it cannot be started. */
export async function startSession({
  account,
  tools,
  board,
  make,
  onMessage,
  signal,
}: SessionOptions): Promise<Session> {
  const { settings } = account
  const over = new AbortController()
  let fail: (error: ReadError) => void = () => {}
  const broken = new Promise<never>((_, reject) => {
    fail = reject
  })
  broken.catch(() => {})
  const sdk = await loadSdk()
  const puppet = await make(settings, sdk, { broke: (error) => fail(error) })
  const memory = await loadMemory(sdk, tools)
  const bot = sdk.WechatyBuilder.build({ memory, puppet: puppet as never })
  let user: string | null = null
  let self: string | null = null
  let lastError: unknown = null

  /** A listener that throws would end the process. */
  const on = <Payload>(event: string, listener: (payload: Payload) => void | Promise<void>) => {
    puppet.on(event, ((payload: Payload) => {
      if (over.signal.aborted) return
      Promise.resolve()
        .then(() => listener(payload))
        .catch(() => tools.log.warn({ event }, 'wechaty: an event could not be dealt with'))
    }) as (payload: never) => void)
  }
  guardEmit(puppet, tools)
  const at = () => tools.now().getTime()

  on('scan', ({ qrcode, status: code }: { qrcode?: string; status?: number }) => {
    if (user !== null) return
    if (code === scanStatus.scanned || code === scanStatus.confirmed)
      board.set({ phase: 'out', why: 'scanned', at: at() })
    else board.set({ phase: 'out', ...(qrcode ? { scan: qrcode } : {}), at: at() })
  })
  on('login', async ({ contactId }: { contactId: string }) => {
    user = contactId
    self = contactId
    board.set({ phase: 'in', at: at() })
    const contact = await contactOf(puppet, over.signal, contactId)
    const name = contact?.name?.trim() || contactId
    if (user === contactId) board.set({ phase: 'in', name, at: at() })
  })
  on('logout', () => {
    user = null
    board.set({ phase: 'out', at: at() })
  })
  on('message', ({ messageId }: { messageId?: unknown }) => {
    if (typeof messageId === 'string' && messageId !== '') onMessage(messageId)
  })
  const noteError = (error: unknown) => {
    lastError = error
    tools.log.debug({ code: failureOf(errorIn(error)).code }, 'wechaty: an error was reported')
  }
  // Without an ear for it an error event would be thrown.
  puppet.on('error', noteError as (payload: never) => void)
  bot.on('error', noteError)
  // wechaty would stop and start by itself, in the middle of ours. There is one way to start again: this session ends.
  Reflect.set(puppet, 'reset', async () => fail(new ReadError('later', { text: texts.silent })))

  // Asks for a sign of life, which feeds wechaty's watchdog: a gateway where nobody writes is silent, not dead.
  const alive = setInterval(() => {
    board.refresh()
    try {
      puppet.ding('huixin')
    } catch {
      // It is not started, or over.
    }
  }, settings.silenceSeconds * 250)

  async function stop(): Promise<void> {
    over.abort()
    clearInterval(alive)
    // Nothing is left that a next session could meet; the rest of wechaty's stop may take its time.
    if (puppet.hangUp && puppet.state.active() !== true) {
      puppet.hangUp()
      bot.stop().catch(() => {})
      return
    }
    await within(stopMs, bot.stop(), () => new Error('it hangs')).catch(() => {
      tools.log.warn({}, 'wechaty: it did not stop in time and was left')
    })
  }

  board.set({ phase: 'starting', at: at() })
  try {
    const started = within(startMs, bot.start(), () => new ReadError('later', { text: texts.unreachable }))
    await Promise.race([started, broken, aborted(signal)])
    if (signal.aborted) throw new ReadError('later', { text: texts.away })
    // wechaty reports that its puppet did not start, and goes on as if it had.
    if (puppet.state.active() !== true) throw startError(lastError)
  } catch (error) {
    await stop()
    throw error instanceof ReadError ? error : startError(error)
  }
  if (!puppet.isLoggedIn && board.now()?.phase === 'starting') board.set({ phase: 'out', at: at() })
  return {
    puppet,
    sdk,
    files: createFiles(puppet, tools, settings.endpoint.replace(/:\d+$/u, '')),
    said: createSaid(),
    user: () => (puppet.isLoggedIn ? user : null),
    self: () => self,
    broken,
    stop,
  }
}

/**
 * wechaty's own listeners take apart what a puppet emits; without a payload some of them reject with nobody there to hear it, and that
 * ends the process.
 */
function guardEmit(puppet: PuppetLike, tools: Tools): void {
  const emit = Reflect.get(puppet, 'emit') as (event: string, ...payload: unknown[]) => boolean
  Reflect.set(puppet, 'emit', (event: string, ...payload: unknown[]) => {
    const told = event === 'start' || event === 'stop' || (typeof payload[0] === 'object' && payload[0] !== null)
    try {
      if (told) return emit.call(puppet, event, ...payload)
    } catch {
      // Below.
    }
    tools.log.warn({ event }, 'wechaty: an event could not be read')
    return false
  })
}

function startError(error: unknown): ReadError {
  const cause = failureOf(errorIn(error))
  if (cause.code === status.UNAUTHENTICATED) return new ReadError('credentials', { text: texts.credentials, cause })
  return new ReadError('later', { text: texts.unreachable, cause })
}

/** Puppets report errors as JSON inside an object. */
function errorIn(error: unknown): unknown {
  const inside = (error as { gerror?: unknown } | null)?.gerror
  if (typeof inside !== 'string') return error
  try {
    return JSON.parse(inside)
  } catch {
    return error
  }
}
