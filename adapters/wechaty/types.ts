/**
 * A snapshot: what a puppet says of one message, read together while the message is at hand, as plain JSON. It is the payload of
 * this channel: `parse` reads nothing else, and what could not be read can be read again from it. Fields that are not read are not here.
 */
import { z } from 'zod'

const text = z.string().nullish().catch(null)

export const Contact = z.object({
  id: z.string().min(1).max(500),
  name: text,
  /** What we call them (备注). */
  alias: text,
  /** The WeChat id (微信号): `handle` in newer puppets, `weixin` in older ones. */
  weixin: text,
  avatar: text,
  /** 0 unknown, 1 person, 2 official account, 3 corporation. */
  type: z.int().nullish().catch(null),
})
export type Contact = z.infer<typeof Contact>

export const Snapshot = z.object({
  /** When the puppet told us; rises with every message, so that it also orders those of one second. */
  receivedAt: z.int().positive().max(8.64e15),
  /** Who is signed in; null when that was not known yet. */
  self: z.string().min(1).max(500).nullable(),
  message: z.object({
    id: z.string().min(1).max(500),
    type: z.int(),
    /** Seconds or milliseconds: puppets differ. */
    timestamp: z.number().nullish().catch(null),
    text,
    filename: text,
    talkerId: z.string().min(1).max(500),
    listenerId: text,
    roomId: text,
    mentionIdList: z.array(z.string()).nullish().catch(null),
  }),
  talker: Contact.nullish().catch(null),
  listener: Contact.nullish().catch(null),
  /** Our own line in a room: the customer it was said to, as far as it is known. */
  addressee: Contact.nullish().catch(null),
  room: z.object({ id: z.string(), topic: text, alias: text }).nullish().catch(null),
  link: z.object({ title: text, url: text, description: text }).nullish().catch(null),
  place: z.object({ latitude: z.number(), longitude: z.number(), name: text, address: text }).nullish().catch(null),
  miniProgram: z.object({ title: text, description: text }).nullish().catch(null),
  card: z.object({ name: text }).nullish().catch(null),
})
export type Snapshot = z.infer<typeof Snapshot>
