/** The control surface over HTTP, under /_control: for tests whose simulator runs in another process. JSON in, JSON out. */
import type { TelegramSimulator } from '../simulator.ts'
import type { HoldRequest, Script } from './faults.ts'
import type { ChatInfo, Person } from './state.ts'

interface Body {
  readonly token: string
  readonly from: Person
  readonly chat: ChatInfo
  readonly text: string
  readonly caption?: string
  /** Files, base64. Without it a picture is drawn. */
  readonly base64?: string
  readonly name: string
  readonly mimeType?: string
  readonly fields?: Readonly<Record<string, unknown>>
  readonly topic?: number
  readonly discussion?: ChatInfo
  readonly owner: Person
  readonly copyId: number
  readonly answers?: number
  readonly pictures: readonly { readonly base64?: string; readonly caption?: string }[]
  readonly messageId: number
  readonly data: string
  readonly update: Readonly<Record<string, unknown>>
  readonly username?: string
  readonly id?: string
  readonly updateId: number
}

/** `name` is what follows /_control/. Undefined: there is no such thing. */
export function control(simulator: TelegramSimulator, name: string, given: unknown): unknown {
  const body = (given ?? {}) as Body
  const customer = () => simulator.customer(body.token, body.from)
  const bytes = (base64: string | undefined) => (base64 === undefined ? undefined : Buffer.from(base64, 'base64'))
  switch (name) {
    case 'ledger':
      return simulator.ledger
    case 'calls':
      return simulator.calls
    case 'state':
      return simulator.state()
    case 'bot':
      return simulator.addBot(body.token, body)
    case 'revoke':
      simulator.revoke(body.token)
      return ok
    case 'says':
      return customer().says(body.text, body.fields)
    case 'sends':
      return customer().sends(body.fields ?? {})
    case 'photo':
      return customer().sendsPhoto(bytes(body.base64), body.caption, body.fields)
    case 'document':
      return customer().sendsDocument(
        {
          bytes: bytes(body.base64) ?? Buffer.alloc(1),
          name: body.name,
          ...(body.mimeType ? { mimeType: body.mimeType } : {}),
        },
        body.caption,
      )
    case 'album':
      return customer().sendsAlbum(
        body.pictures.map(({ base64, caption }) => {
          const picture = bytes(base64)
          return { ...(picture ? { bytes: picture } : {}), ...(caption === undefined ? {} : { caption }) }
        }),
      )
    case 'edit':
      return customer().edits(body.messageId, body.text)
    case 'press':
      return customer().presses(body.messageId, body.data)
    case 'block':
      return { updateId: customer().blocks() }
    case 'unblock':
      return { updateId: customer().unblocks() }
    case 'leave':
      customer().leaves()
      return ok
    case 'group':
      return simulator
        .group(body.token, body.chat)
        .says(body.from, body.text, { ...(body.topic === undefined ? {} : { topic: body.topic }) })
    case 'migrate':
      return { chatId: simulator.group(body.token, body.chat).becomesSupergroup().chat.id }
    case 'post':
      return simulator.channel(body.token, body.chat, body.discussion).posts(body.text)
    case 'comment':
      return simulator
        .channel(body.token, body.chat, body.discussion)
        .comments(body.from, body.copyId, body.text, body.answers === undefined ? {} : { answers: body.answers })
    case 'business':
      return simulator.business(body.token, body.owner, body.id).says(body.from, body.text, body.fields)
    case 'inject':
      return { updateId: simulator.inject(body.token, body.update) }
    case 'jump':
      simulator.jumpTo(body.token, body.updateId)
      return ok
    case 'fail':
      simulator.fail(given as Script)
      return ok
    case 'hold':
      return { id: simulator.hold(given as HoldRequest) }
    case 'release':
      simulator.release(body.id)
      return ok
    case 'reset':
      simulator.reset()
      return ok
  }
}

const ok = { ok: true }
