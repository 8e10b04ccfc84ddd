/** X through its API v2: mentions, replies and quotes in public, direct messages; polled, or told by the X Activity API. */
import { type Account, type Connection, defineAdapter } from '#channel/adapter.ts'
import type { InboundEvent } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'
import { capabilities } from './capabilities.ts'
import { createCheck, release } from './check.ts'
import { createClient } from './client.ts'
import { download } from './download.ts'
import { createFindSent } from './find-sent.ts'
import { parse, revokedIn, versionsIn } from './parse.ts'
import { type PollDeps, pollMentions } from './poll-mentions.ts'
import { pollMessages } from './poll-messages.ts'
import { createReadCounter } from './reads.ts'
import { revokedText } from './refusals.ts'
import { sameText } from './same-text.ts'
import { createSend } from './send.ts'
import { type Settings, settings } from './settings.ts'
import { answerChallenge, readBody } from './verify.ts'
import { createVersions } from './versions.ts'

export const x = defineAdapter<Settings>({
  channel: 'x',
  title: { en: 'X', zh: 'X（推特）' },
  icon: {
    path: 'M3 3h5.2l4.6 6.2L18.1 3H21l-6.8 7.9L21.6 21h-5.2l-5-6.8L5.6 21H2.7l7.3-8.5zM6.3 4.8l10.9 14.4h1.6L7.9 4.8z',
  },
  capabilities,
  settings,
  checkEveryMs: 15 * 60_000,
  connect,
})

/** Beside the webhook, for what it did not bring: nobody knows whether X repeats a call that failed. */
const reconcileMs = 15 * 60_000

function connect(account: Account<Settings>, tools: Tools): Connection {
  const { settings } = account
  const client = createClient(settings, tools)
  const versions = createVersions(tools)
  const reads = createReadCounter(tools)
  const exempt = settings.plan === 'enterprise'
  const polls = settings.mode === 'polling'
  const everyMs = polls ? settings.pollSeconds * 1000 : Math.max(reconcileMs, settings.pollSeconds * 1000)
  const deps: PollDeps = { client, versions, reads, tools, exempt, everyMs }
  const check = createCheck(client, account, tools)
  const send = createSend(client, versions, tools)
  const read = (raw: unknown, receivedAt: Date) =>
    parse(raw, { own: client.knownOwner()?.id ?? null, exempt, receivedAt })

  return {
    async webhook(request, receivedAt) {
      if (request.method === 'GET') return { events: [], response: answerChallenge(new URL(request.url), settings) }
      const raw = await readBody(request, settings)
      const revoked = revokedIn(raw)
      if (revoked !== null && revoked === (await client.owner()).id) {
        check.forget()
        await tools.health({ state: 'refused', text: revokedText })
      }
      await versions.note(versionsIn(raw))
      const events = await Promise.all(read(raw, receivedAt).map(nameFirst))
      return { events, response: new Response(null, { status: 200 }) }
    },
    streams: () => ['mentions', 'messages'],
    poll: (at, signal) => (at.stream === 'messages' ? pollMessages(deps, at, signal) : pollMentions(deps, at, signal)),
    reread: (raw) => read(raw, tools.now()),
    send,
    findSent: createFindSent(client, versions, reads, tools),
    sameText,
    download: (media, signal) => download(client, settings, tools, media, signal),
    check,
    release: () => release(client, account),
  }

  /** A delete names any version; the message is known by the first. */
  async function nameFirst(event: InboundEvent): Promise<InboundEvent> {
    return event.type === 'deleted' ? { ...event, externalId: await versions.firstOf(event.externalId) } : event
  }
}
