/** Reads all that is known of a message, while it is at hand. */
import { kind } from './kinds.ts'
import type { Said } from './said.ts'
import type { PuppetLike } from './sdk-types.ts'
import { Contact } from './types.ts'
import { sleep, within } from './wait.ts'

export interface Reading {
  readonly puppet: PuppetLike
  /** Who is signed in, or was last. */
  readonly self: string | null
  readonly said: Said
  readonly signal: AbortSignal
}

/** One thing the puppet is asked. Over the gateway the client's own deadline comes first. */
const askMs = 9000
const triesMs = [0, 300, 1500]

/** A {@link Snapshot}, or what is left of one that could not be read: it becomes an unread event, so that it is counted. */
export async function readSnapshot(
  { puppet, self, said, signal }: Reading,
  id: string,
  receivedAt: number,
): Promise<unknown> {
  const message = await tried(signal, () => puppet.messagePayload(id))
  if (message === null) return { unreadable: true, message: { id } }
  const { type, text, timestamp, filename, mentionIdList } = message
  // The older names of the same fields: https://github.com/wechaty/puppet/issues/187, read 2026-11-24
  const talkerId = named(message.talkerId) ?? named(message.fromId)
  const listenerId = named(message.listenerId) ?? named(message.toId)
  const roomId = named(message.roomId)
  const own = talkerId !== null && talkerId === self
  const [talker, listener, room, more] = await Promise.all([
    contactOf(puppet, signal, talkerId),
    own && roomId === null ? contactOf(puppet, signal, listenerId) : null,
    roomOf(puppet, signal, roomId, talkerId),
    moreOf(puppet, type, id),
  ])
  const what = type === kind.Text ? String(text ?? '') : { file: true as const }
  return {
    receivedAt,
    self,
    message: { id, type, timestamp, text, filename, talkerId, listenerId, roomId, mentionIdList },
    talker,
    listener,
    room,
    ...(own && roomId !== null ? { addressee: said.find(roomId, what, receivedAt) } : {}),
    ...more,
  }
}

export async function contactOf(puppet: PuppetLike, signal: AbortSignal, id: string | null): Promise<Contact | null> {
  if (id === null) return null
  const contact = await tried(signal, () => puppet.contactPayload(id), 2)
  if (contact === null) return null
  const { name, alias, avatar, type } = contact
  const weixin = named(contact.handle) ?? named(contact.weixin)
  return Contact.safeParse({ id, name, alias, weixin, avatar, type }).data ?? null
}

async function roomOf(puppet: PuppetLike, signal: AbortSignal, id: string | null, talkerId: string | null) {
  if (id === null) return null
  const [room, member] = await Promise.all([
    tried(signal, () => puppet.roomPayload(id), 1),
    talkerId === null ? null : tried(signal, () => puppet.roomMemberPayload(id, talkerId), 1),
  ])
  return { id, topic: named(room?.topic), alias: named(member?.roomAlias) }
}

/** What a kind has beyond its text. The placeholder stands without it. */
async function moreOf(puppet: PuppetLike, type: unknown, id: string): Promise<object> {
  const asked = async (ask: () => Promise<unknown>) => (await tried(null, ask, 1)) ?? null
  if (type === kind.Url) return { link: await asked(() => puppet.messageUrl(id)) }
  if (type === kind.Location) return { place: await asked(() => puppet.messageLocation(id)) }
  if (type === kind.MiniProgram) return { miniProgram: await asked(() => puppet.messageMiniProgram(id)) }
  if (type !== kind.Contact) return {}
  return { card: await asked(async () => await puppet.contactPayload(await puppet.messageContact(id))) }
}

/** Null when it cannot be had. */
async function tried(
  signal: AbortSignal | null,
  ask: () => Promise<unknown>,
  tries = triesMs.length,
): Promise<Record<string, unknown> | null> {
  for (const ms of triesMs.slice(0, tries)) {
    if (signal && ms > 0) await sleep(ms, signal)
    try {
      const answer = await within(askMs, (async () => await ask())(), () => new Error('the puppet is silent'))
      return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : null
    } catch {
      // Asked again, or done without.
    }
  }
  return null
}

function named(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
