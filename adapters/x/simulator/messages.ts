/** Direct messages. */
import { invalid, numbered, problem, refusals } from './refusal.ts'
import { renderMessage, renderMessageMedia, renderPerson } from './render.ts'
import { accept, type SimMessage, type World } from './state.ts'
import { takeUploads } from './uploads.ts'

/** The newest first, of 30 days. https://docs.x.com/x-api/direct-messages/get-dm-events, read 2026-11-24 */
export function listMessages(world: World, query: URLSearchParams): unknown {
  const max = Number(query.get('max_results') ?? 100)
  if (!Number.isInteger(max) || max < 1 || max > 100)
    throw invalid('The `max_results` query parameter value is not between 1 and 100')
  const token = query.get('pagination_token')
  if (token !== null && !/^page\d+$/u.test(token))
    throw invalid('The `pagination_token` query parameter value is not valid')
  const from = Number(token?.slice(4) ?? 0)
  const all = world.messages.filter(({ at }) => world.now() - at < 30 * 24 * 3_600_000).toReversed()
  const shown = all.slice(from, from + max)
  if (shown.length === 0) return { meta: { result_count: 0 } }
  const senders = [...new Set(shown.map(({ senderId }) => senderId))].flatMap((id) => world.people.get(id) ?? [])
  return {
    data: shown.map(renderMessage),
    includes: {
      users: senders.map(renderPerson),
      media: shown.filter(({ mediaKey }) => mediaKey).map((message) => renderMessageMedia(world, message)),
    },
    meta: {
      result_count: shown.length,
      ...(from + max < all.length ? { next_token: `page${from + max}` } : {}),
    },
  }
}

export function sendMessage(
  world: World,
  to: { person: string } | { group: string },
  json: Readonly<Record<string, unknown>>,
): { status: number; body: unknown } {
  const text = typeof json.text === 'string' ? json.text : ''
  const attachments = (json.attachments ?? []) as { media_id: string }[]
  if (text === '' && attachments.length === 0) throw invalid('$: one of text, attachments is required')
  if (text.length > 10_000) throw numbered(403, 354, 'The text of your direct message is over the max character limit.')
  if (attachments.length > 1) throw invalid('$.attachments: there must be a maximum of 1 items')
  if ('person' in to) {
    if (!world.people.has(to.person))
      throw problem(404, `Could not find user with id: [${to.person}].`, 'resource-not-found')
    if (world.closed.has(to.person)) throw refusals.cannotMessage()
  }
  const [mediaKey = null] = takeUploads(
    world,
    attachments.map(({ media_id }) => media_id),
    'dm',
  )
  const recipientId = 'person' in to ? to.person : to.group
  const message = addMessage(world, { senderId: world.account.id, recipientId, text, mediaKey })
  const media = mediaKey ? [mediaKey] : []
  accept(world, { surface: 'direct', id: message.id, text, to: recipientId, inReplyTo: null, media })
  const { dm_conversation_id } = renderMessage(message)
  return { status: 201, body: { data: { dm_conversation_id, dm_event_id: message.id } } }
}

export function addMessage(world: World, given: Omit<SimMessage, 'id' | 'at'>): SimMessage {
  const at = world.now()
  const message = { ...given, id: world.nextId(at), at }
  world.messages.push(message)
  return message
}
