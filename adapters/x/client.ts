/** The account's calls of X, with whatever signs them; and who the account is. */
import { z } from 'zod'
import type { Tools } from '#channel/tools.ts'
import { type Answer, type Call, callX } from './api.ts'
import { readCost } from './capabilities.ts'
import { ApiFailure } from './failure.ts'
import { accountRefusal } from './refusals.ts'
import { credentialsName, type Settings } from './settings.ts'
import { createTokens } from './token.ts'
import { Id } from './types.ts'

export interface Owner {
  readonly id: string
  readonly username: string
}

export interface Client {
  /** As the account. Rejects with {@link ApiFailure}. */
  call(call: Call): Promise<Answer>
  /** As the app. */
  callAsApp(call: Call): Promise<Answer>
  /** Asked once, and then remembered: by these credentials, on all nodes. */
  owner(): Promise<Owner>
  /** Null while nobody had to ask. */
  knownOwner(): Owner | null
  /** How often X has refused the keys: what was known of them before does not hold. */
  timesRefused(): number
  /** How long the access token is good; null: it does not end. */
  tokenUntil(): Date | null
  /** Asks X, whatever is remembered. */
  askOwner(): Promise<Owner>
}

const Me = z.object({ data: z.object({ id: Id, username: z.string().regex(/^\w{1,50}$/u) }) })

export function createClient(settings: Settings, tools: Tools): Client {
  const key = `owner:${credentialsName(settings)}`
  const tokens = settings.auth === 'oauth2' ? createTokens(settings, tools) : null
  let known: Owner | null = null
  let refused = 0

  async function call(request: Call): Promise<Answer> {
    try {
      return await signed(request)
    } catch (error) {
      if (error instanceof ApiFailure && error.status !== null && accountRefusal(error.status, error.problem))
        refused += 1
      throw error
    }
  }

  async function signed(request: Call): Promise<Answer> {
    if (!tokens) {
      const { apiKey: appKey, apiSecret: appSecret, accessToken, accessSecret } = settings
      return await callX(tools, settings, { appKey, appSecret, accessToken, accessSecret }, request)
    }
    const token = await tokens.get()
    try {
      return await callX(tools, settings, token, request)
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.status !== 401) throw error
      // A 401 did nothing, so once more is safe: the token may have been replaced by somebody else's refresh.
      return await callX(tools, settings, await tokens.get(token), request)
    }
  }

  async function askOwner(): Promise<Owner> {
    const { data } = await call({ method: 'GET', path: '/2/users/me' })
    await tools.usage.add('user-read', 1, { cost: readCost.user })
    const me = Me.safeParse(data)
    if (!me.success) throw new ApiFailure('unreadable', 'an answer without a user')
    known = me.data.data
    // As a name and not as a value: values that are kept count as secrets, and an id is in every line of the log.
    await tools.state.set(key, JSON.stringify({ [known.id]: known.username.slice(0, 15) }))
    return known
  }

  return {
    call,
    callAsApp: (request) => callX(tools, settings, settings.bearerToken, request),
    knownOwner: () => known,
    timesRefused: () => refused,
    tokenUntil: () => tokens?.until() ?? null,
    askOwner,
    async owner() {
      known ??= remembered(await tools.state.get(key))
      return known ?? (await askOwner())
    },
  }
}

function remembered(text: string | null): Owner | null {
  const [first] = Object.entries((text === null ? {} : JSON.parse(text)) as Record<string, string>)
  return first ? { id: first[0], username: first[1] } : null
}
