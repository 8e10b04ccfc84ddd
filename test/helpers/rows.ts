/** Small builders of rows, for tests that need a house to look at. Every field not given has a plain value. */
import type { Actor } from '../../src/auth/actor.ts'
import type { Db } from '../../src/db/client.ts'
import { newId } from '../../src/db/id.ts'
import {
  accounts,
  authUser,
  brandMembers,
  brands,
  contacts,
  deliveries,
  identities,
  media,
  messageRevisions,
  messages,
  threads,
  tickets,
} from '../../src/db/schema.ts'
import { searchVector } from '../../src/tickets/search.ts'
import type { Role } from '../../src/wire.ts'

type Insert<T extends { $inferInsert: object }> = Partial<T['$inferInsert']>
type Row<T extends { $inferSelect: object }> = T['$inferSelect']

/** One person's conversation with everything it stands on. */
export interface Conversation {
  readonly brand: Row<typeof brands>
  readonly account: Row<typeof accounts>
  readonly contact: Row<typeof contacts>
  readonly identity: Row<typeof identities>
  readonly thread: Row<typeof threads>
  readonly ticket: Row<typeof tickets>
}

let count = 0
const next = () => ++count

export type Rows = ReturnType<typeof createRows>

export function createRows(db: Db) {
  const first = <T>([row]: T[]): T => row as T

  async function brand(values: Insert<typeof brands> = {}) {
    return first(
      await db
        .insert(brands)
        .values({ id: newId(), name: `Brand ${next()}`, ...values })
        .returning(),
    )
  }

  async function account(values: Insert<typeof accounts> & { brandId: string }) {
    return first(
      await db
        .insert(accounts)
        .values({
          id: newId(),
          channel: 'telegram',
          name: `Account ${next()}`,
          settingsSealed: Buffer.of(0),
          ...values,
        })
        .returning(),
    )
  }

  async function contact(values: Insert<typeof contacts> & { brandId: string }) {
    return first(
      await db
        .insert(contacts)
        .values({ id: newId(), name: `Customer ${next()}`, ...values })
        .returning(),
    )
  }

  async function identity(values: Insert<typeof identities> & { accountId: string; contactId: string }) {
    const number = next()
    return first(
      await db
        .insert(identities)
        .values({
          id: newId(),
          externalId: `person-${number}`,
          name: `Customer ${number}`,
          handle: `handle${number}`,
          ...values,
        })
        .returning(),
    )
  }

  async function thread(values: Insert<typeof threads> & { accountId: string; identityId: string }) {
    return first(
      await db
        .insert(threads)
        .values({ id: newId(), externalId: `chat-${next()}`, surface: 'direct', ...values })
        .returning(),
    )
  }

  async function ticket(values: Insert<typeof tickets> & { brandId: string; accountId: string; contactId: string }) {
    return first(
      await db
        .insert(tickets)
        .values({ id: newId(), surface: 'direct', lastMessageAt: new Date(), ...values })
        .returning(),
    )
  }

  /** A brand's account, its customer, their thread and its ticket. */
  async function conversation(
    values: {
      brand?: Row<typeof brands>
      account?: Insert<typeof accounts> | Row<typeof accounts>
      contact?: Insert<typeof contacts>
      identity?: Insert<typeof identities>
      thread?: Insert<typeof threads>
      ticket?: Insert<typeof tickets>
    } = {},
  ): Promise<Conversation> {
    const ofBrand = values.brand ?? (await brand())
    const ofAccount =
      values.account && 'health' in values.account
        ? (values.account as Row<typeof accounts>)
        : await account({ ...values.account, brandId: ofBrand.id })
    const person = await contact({ ...values.contact, brandId: ofBrand.id })
    const who = await identity({
      name: person.name,
      ...values.identity,
      accountId: ofAccount.id,
      contactId: person.id,
    })
    const work = await ticket({
      ...values.ticket,
      brandId: ofBrand.id,
      accountId: ofAccount.id,
      contactId: person.id,
    })
    const where = await thread({
      currentTicketId: work.id,
      ...values.thread,
      accountId: ofAccount.id,
      identityId: who.id,
    })
    return { brand: ofBrand, account: ofAccount, contact: person, identity: who, thread: where, ticket: work }
  }

  /** The customer's message; `userId` or `direction` make it another's. */
  async function message(of: Conversation, values: Insert<typeof messages> = {}) {
    const sentAt = values.sentAt ?? new Date()
    const direction = values.direction ?? 'inbound'
    const number = next()
    return first(
      await db
        .insert(messages)
        .values({
          id: newId(),
          ticketId: of.ticket.id,
          threadId: direction === 'note' ? null : of.thread.id,
          accountId: of.account.id,
          direction,
          externalId: direction === 'inbound' ? `message-${number}` : null,
          surface: of.ticket.surface,
          identityId: direction === 'inbound' ? of.identity.id : null,
          authorName: direction === 'inbound' ? of.identity.name : 'Agent',
          text: `Message ${number}`,
          sentAt,
          receivedAt: sentAt,
          orderedAt: sentAt,
          ticketVersion: 1,
          search: searchVector(values.text ?? `Message ${number}`),
          ...values,
        })
        .returning(),
    )
  }

  async function revision(messageId: string, text: string, editedAt: Date) {
    return first(await db.insert(messageRevisions).values({ id: newId(), messageId, text, editedAt }).returning())
  }

  async function delivery(message: Row<typeof messages>, values: Insert<typeof deliveries> = {}) {
    if (!message.threadId || !message.ticketId) throw new Error('a note or mention has no delivery')
    return first(
      await db
        .insert(deliveries)
        .values({
          id: newId(),
          messageId: message.id,
          ticketId: message.ticketId,
          threadId: message.threadId,
          accountId: message.accountId,
          part: 0,
          text: message.text ?? '',
          expiresAt: new Date(message.sentAt.getTime() + 86_400_000),
          createdAt: message.sentAt,
          ...values,
        })
        .returning(),
    )
  }

  async function file(brandId: string, values: Insert<typeof media> = {}) {
    return first(
      await db
        .insert(media)
        .values({ id: newId(), brandId, kind: 'photo', state: 'ready', ...values })
        .returning(),
    )
  }

  /** Somebody who signs in, and the actor they are then. Administrators see every brand. */
  async function user(role: Role = 'agent', seen: readonly Row<typeof brands>[] = [], name = `Agent ${next()}`) {
    const id = newId()
    const email = `${id}@example.com`
    await db.insert(authUser).values({ id, name, email, role })
    if (seen.length > 0) await db.insert(brandMembers).values(seen.map(({ id: brandId }) => ({ brandId, userId: id })))
    const actor: Actor = {
      kind: 'user',
      id,
      name,
      email,
      role,
      brandIds: role === 'administrator' ? null : seen.map((one) => one.id),
    }
    return actor
  }

  return { brand, account, contact, identity, thread, ticket, conversation, message, revision, delivery, file, user }
}
