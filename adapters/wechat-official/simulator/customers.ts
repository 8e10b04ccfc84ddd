/** Followers, as one would act them out: each act becomes a push. Resolves to whether the server took it. */
import type { Pushes } from './push.ts'
import { drawScreen, filmClip, recordVoice } from './samples.ts'
import { type Clock, newMsgId, personOf, type SimulatedAccount, store } from './state.ts'
import type { Fields } from './xml.ts'

export interface Customer {
  readonly openId: string
  says(text: string, fields?: Fields): Promise<boolean>
  sendsPicture(bytes?: Buffer, fields?: Fields): Promise<boolean>
  /** `recognition` null: the account has not turned it on. */
  sendsVoice(recognition: string | null): Promise<boolean>
  sendsVideo(short?: boolean): Promise<boolean>
  sendsPlace(latitude: number, longitude: number, label: string): Promise<boolean>
  sendsLink(title: string, url: string): Promise<boolean>
  /** A sticker: WeChat passes on that there was something. */
  sendsSticker(): Promise<boolean>
  /** Any kind, any fields. */
  sends(fields: Fields): Promise<boolean>
  follows(scene?: string): Promise<boolean>
  unfollows(): Promise<boolean>
  scans(scene: string): Promise<boolean>
  clicks(key: string): Promise<boolean>
  /** Wrote just now, and the server was told by another road: the window is open, and no push is made. */
  wroteBefore(): void
  /** In the account's menu of settings: "receive messages", off. */
  refuses(): void
}

interface World {
  readonly account: SimulatedAccount
  readonly clock: Clock
  readonly pushes: Pushes
  /** The simulator's own address. */
  readonly url: () => string
}

export function customerOf({ account, clock, pushes, url }: World, openId: string): Customer {
  const person = personOf(account, openId)
  const seconds = () => Math.floor(clock.now() / 1000)
  const head = () => ({ ToUserName: account.originalId, FromUserName: openId, CreateTime: seconds() })
  const file = (type: string, bytes: Buffer, mimeType: string) =>
    store(account, { type, bytes, mimeType, storedAt: clock.now() }).mediaId

  function wroteBefore(): void {
    person.wroteAt = clock.now()
    person.heardAt = clock.now()
    person.sinceWrote = 0
  }

  function message(fields: Fields): Promise<boolean> {
    wroteBefore()
    return pushes.push({ ...head(), MsgId: newMsgId(), ...fields })
  }

  function event(fields: Fields, opens: boolean): Promise<boolean> {
    if (opens) {
      person.openedAt = clock.now()
      person.sinceOpened = 0
    }
    return pushes.push({ ...head(), MsgType: 'event', ...fields })
  }

  return {
    openId,
    says: (text, fields) => message({ MsgType: 'text', Content: text, ...fields }),
    sendsPicture(bytes = drawScreen(account.media.size), fields) {
      const mediaId = file('image', bytes, 'image/jpeg')
      return message({ MsgType: 'image', PicUrl: `${url()}/mmbiz/${mediaId}`, MediaId: mediaId, ...fields })
    },
    sendsVoice(recognition) {
      const said = recognition === null ? {} : { Recognition: recognition }
      return message({ MsgType: 'voice', MediaId: file('voice', recordVoice(), 'audio/amr'), Format: 'amr', ...said })
    },
    sendsVideo(short = false) {
      const MediaId = file('video', filmClip(), 'video/mp4')
      const ThumbMediaId = file('thumb', drawScreen(1), 'image/jpeg')
      return message({ MsgType: short ? 'shortvideo' : 'video', MediaId, ThumbMediaId })
    },
    sendsPlace: (latitude, longitude, label) =>
      message({ MsgType: 'location', Location_X: latitude, Location_Y: longitude, Scale: 15, Label: label }),
    sendsLink: (title, link) => message({ MsgType: 'link', Title: title, Description: '', Url: link }),
    sendsSticker: () => message({ MsgType: 'text', Content: '【收到不支持的消息类型，暂无法显示】' }),
    sends: (fields) => message(fields),
    follows(scene) {
      person.follows = true
      const scanned = scene === undefined ? {} : { EventKey: `qrscene_${scene}`, Ticket: `ticket-of-${scene}` }
      return event({ Event: 'subscribe', EventKey: '', ...scanned }, true)
    },
    unfollows() {
      person.follows = false
      return event({ Event: 'unsubscribe', EventKey: '' }, false)
    },
    scans: (scene) => event({ Event: 'SCAN', EventKey: scene, Ticket: `ticket-of-${scene}` }, true),
    clicks: (key) => event({ Event: 'CLICK', EventKey: key }, true),
    wroteBefore,
    refuses() {
      person.refuses = true
    },
  }
}
