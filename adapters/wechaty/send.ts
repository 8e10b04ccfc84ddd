/** A reply → one call of the puppet → what is known about it. */
import { SendError } from '#channel/errors.ts'
import type { OutboundMedia, Reply, Sent } from '#channel/reply.ts'
import type { Exchange, Tools } from '#channel/tools.ts'
import { capabilities } from './capabilities.ts'
import { PuppetFailure, sendErrorOf, status } from './failure.ts'
import { type Place, placeOf } from './ids.ts'
import type { Listener } from './listen.ts'
import { personAt } from './people.ts'
import type { Session } from './session.ts'
import { texts } from './texts.ts'
import { within } from './wait.ts'

/** What phones put behind a mention. https://github.com/wechaty/wechaty/blob/main/src/config.ts, read 2026-11-24 */
export const mentionEnd = '\u2005'

export async function send(listener: Listener, tools: Tools, reply: Reply): Promise<Sent> {
  const place = placeOf(reply.thread.externalId)
  if (!place) throw new SendError('rejected', 'invalid', { text: texts.noPlace })
  const [file] = reply.media
  if (reply.media.length > 1) throw new SendError('rejected', 'invalid', { text: texts.oneThing })
  const session = await listener.ready(reply.signal)
  if (!session) throw new SendError('retry', 'unreachable', { text: texts.notHere, scope: 'account' })
  if (session.user() === null) {
    throw new SendError('retry', 'credentials_refused', { text: texts.signedOut, scope: 'account' })
  }
  try {
    return await say(session, tools, place, reply, file)
  } catch (error) {
    const failure = sendErrorOf(error)
    // Refused as a repetition: then the attempt in doubt was the first.
    if (reply.doubted && failure.code === 'duplicate') return { externalId: null }
    throw failure
  }
}

async function say(
  session: Session,
  tools: Tools,
  place: Place,
  reply: Reply,
  file: OutboundMedia | undefined,
): Promise<Sent> {
  const { puppet, said } = session
  const person = await personAt(puppet, place)
  const to = place.roomId ?? person.id
  const box = file ? await boxOf(session, file) : null
  // In a room everybody reads it: the mention says whom it is for.
  const text = place.roomId === null ? reply.text : `@${person.name ?? person.id}${mentionEnd}${reply.text}`
  if (reply.signal.aborted) throw new PuppetFailure(null, '', true)
  if (place.roomId !== null) said.add(place.roomId, box ? { file: true } : text, person, tools.now().getTime())
  const call = () =>
    box
      ? puppet.messageSendFile(to, box)
      : puppet.messageSendText(to, text, ...(place.roomId === null ? [] : [[person.id]]))
  const exchange: { -readonly [Key in keyof Exchange]: Exchange[Key] } = {
    method: 'CALL',
    url: `wechaty:${box ? 'messageSendFile' : 'messageSendText'}`,
    request: { to, ...(file ? { file: file.name, bytes: file.size } : { text }) },
  }
  const id = await tools.logged(exchange, async () => {
    try {
      const ms = file ? capabilities.timeoutMs.upload : capabilities.timeoutMs.call
      const answer: unknown = await within(ms, inTime(reply.signal, call()), late)
      exchange.response = { id: answer ?? null }
      return answer
    } catch (error) {
      const failure = sendErrorOf(error)
      exchange.response = failure.message
      throw failure
    }
  })
  // Many puppets tell no id: then our own line, coming back, names the reply.
  return { externalId: typeof id === 'string' && id !== '' ? id : null }
}

function late(): PuppetFailure {
  return new PuppetFailure(status.DEADLINE_EXCEEDED, '')
}

/** The call has begun: what it comes to after its time nobody knows. */
async function inTime<T>(signal: AbortSignal, call: Promise<T>): Promise<T> {
  call.catch(() => {})
  const over = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(late()), { once: true })
  })
  over.catch(() => {})
  return await Promise.race([call, over])
}

async function boxOf({ sdk }: Session, file: OutboundMedia) {
  // A box of a Buffer does not pass every puppet; base64 does.
  const base64 = Buffer.from(await file.bytes()).toString('base64')
  return sdk.FileBox.fromBase64(base64, file.name) as never
}

/** Our text as it comes back: in a room with the mention before it, and with spaces as WeChat likes them. */
export function sameText(ours: string, theirs: string): boolean {
  const plain = (text: string) =>
    text
      .replace(/\u00a0/gu, ' ')
      .replace(/\r\n?/gu, '\n')
      .trim()
  const bare = theirs.replace(/^@[^\u2005]{1,200}\u2005/u, '')
  return plain(ours) === plain(theirs) || plain(ours) === plain(bare)
}
