/** Customers, and colleagues in the WeCom app, as one would act them out: each act is a line to read, and a call. */
import type { Callbacks } from './callback.ts'
import { type Clock, type Company, conversationOf, customerOf, type Line, newMsgId, store } from './company.ts'
import { drawScreen, filmClip, recordVoice } from './samples.ts'

type Fields = Readonly<Record<string, unknown>>

export interface Actor {
  readonly id: string
  /** Resolves to whether the server took the call. */
  says(text: string, more?: Fields): Promise<boolean>
  /** Any kind, any fields. */
  sends(msgtype: string, body: Fields, more?: Fields): Promise<boolean>
  sendsPicture(bytes?: Buffer): Promise<boolean>
  sendsVoice(): Promise<boolean>
  sendsVideo(): Promise<boolean>
  sendsFile(name: string, bytes: Buffer): Promise<boolean>
  sendsPlace(latitude: number, longitude: number, name: string, address: string): Promise<boolean>
  sendsLink(title: string, url: string): Promise<boolean>
  /** A choice of a menu of ours. */
  presses(menuId: string, text: string): Promise<boolean>
  /** Takes back what was sent last, or the message named. */
  recalls(msgid?: string): Promise<boolean>
  /** Opens the chat; is welcomed when WeCom finds that due. */
  enters(scene?: string): Promise<boolean>
  /** A colleague in the WeCom app takes the conversation, writes there, ends it. */
  isTaken(servicer: string): Promise<boolean>
  hearsColleague(servicer: string, text: string): Promise<boolean>
  isEnded(): Promise<boolean>
  /** Takes no messages any more. */
  refuses(): void
  isCalled(nickname: string | null): void
  /** Wrote just now, and that was told by another road. */
  wroteBefore(): void
}

export interface World {
  readonly company: Company
  readonly clock: Clock
  readonly callbacks: Callbacks
}

export function addLine({ company, clock }: World, openKfId: string, given: Fields): Line {
  const line = { msgid: newMsgId(), send_time: Math.floor(clock.now() / 1000), ...given }
  company.lines.get(openKfId)?.push(line)
  return line
}

export function actorOf(world: World, openKfId: string, id: string): Actor {
  const { company, clock, callbacks } = world
  const person = customerOf(company, id)
  const conversation = conversationOf(company, openKfId, id)

  const call = () => callbacks.call(openKfId)
  const where = { open_kfid: openKfId, external_userid: id }

  function wroteBefore(): void {
    conversation.wroteAt = clock.now()
    conversation.since = 0
    if (conversation.state === 4) conversation.state = 0
  }

  function sends(msgtype: string, body: Fields, more: Fields = {}): Promise<boolean> {
    wroteBefore()
    conversation.last = addLine(world, openKfId, { ...where, origin: 3, msgtype, [msgtype]: body, ...more }).msgid
    return call()
  }

  function event(event_type: string, fields: Fields): Promise<boolean> {
    // Who and where stand inside.
    addLine(world, openKfId, { origin: 4, msgtype: 'event', event: { event_type, ...where, ...fields } })
    return call()
  }

  const file = (type: string, name: string, bytes: Buffer, mimeType: string) => ({
    media_id: store(company, { type, name, bytes, mimeType, storedAt: clock.now() }).mediaId,
  })

  return {
    id,
    says: (text, more) => sends('text', { content: text }, more),
    sends,
    sendsPicture: (bytes = drawScreen(company.media.size)) =>
      sends('image', file('image', 'image.png', bytes, 'image/png')),
    sendsVoice: () => sends('voice', file('voice', 'voice.amr', recordVoice(), 'audio/amr')),
    sendsVideo: () => sends('video', file('video', 'video.mp4', filmClip(), 'video/mp4')),
    sendsFile: (name, bytes) => sends('file', file('file', name, bytes, 'application/octet-stream')),
    sendsPlace: (latitude, longitude, name, address) => sends('location', { latitude, longitude, name, address }),
    sendsLink: (title, url) => sends('link', { title, desc: '', url, pic_url: '' }),
    presses: (menuId, text) => sends('text', { content: text, menu_id: menuId }),
    recalls: (msgid = conversation.last) => event('user_recall_msg', { recall_msgid: msgid }),
    enters(scene = '') {
      const now = clock.now()
      const isNew = [conversation.wroteAt, conversation.welcomedAt].every((at) => at === null || now > at + 172_800_000)
      const code = newMsgId()
      if (isNew) company.welcomes.set(code, { conversation, at: now })
      return event('enter_session', { scene, ...(isNew ? { welcome_code: code } : {}) })
    },
    isTaken(servicer) {
      conversation.state = 3
      conversation.servicer = servicer
      return event('session_status_change', { change_type: 1, new_servicer_userid: servicer, msg_code: newMsgId() })
    },
    hearsColleague(servicer, text) {
      addLine(world, openKfId, {
        ...where,
        origin: 5,
        servicer_userid: servicer,
        msgtype: 'text',
        text: { content: text },
      })
      return call()
    },
    isEnded() {
      const { servicer } = conversation
      conversation.state = 4
      conversation.servicer = null
      return event('session_status_change', {
        change_type: 3,
        old_servicer_userid: servicer ?? '',
        msg_code: newMsgId(),
      })
    },
    refuses() {
      person.refuses = true
    },
    isCalled(nickname) {
      person.nickname = nickname
    },
    wroteBefore,
  }
}
