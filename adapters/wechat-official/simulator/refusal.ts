/** An `errcode` in a 200, worded as WeChat words it, with the trace that ends every `errmsg`. */
import { randomBytes } from 'node:crypto'

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly errcode: number

  constructor(errcode: number, errmsg: string) {
    super(errmsg)
    this.errcode = errcode
  }
}

export const refusalBody = (errcode: number, errmsg: string): object => ({ errcode, errmsg: `${errmsg} rid: ${rid()}` })

const rid = () => [8, 8, 8].map((length) => randomBytes(4).toString('hex').slice(0, length)).join('-')

/** Those that come up most. */
export const refusals = {
  busy: new Refusal(-1, 'system error'),
  credential: new Refusal(40001, 'invalid credential, access_token is invalid or not latest'),
  secret: new Refusal(40125, 'invalid appsecret'),
  appId: new Refusal(40013, 'invalid appid'),
  openId: new Refusal(40003, 'invalid openid'),
  mediaType: new Refusal(40004, 'invalid media type'),
  mediaId: new Refusal(40007, 'invalid media_id'),
  messageType: new Refusal(40008, 'invalid message type'),
  escapes: new Refusal(40033, 'invalid charset. please check your request, if include \\uxxxx will create fail!'),
  noToken: new Refusal(41001, 'access_token missing'),
  noMedia: new Refusal(41005, 'media data missing'),
  expired: new Refusal(42001, 'access_token expired'),
  postOnly: new Refusal(43002, 'require POST method'),
  subscribe: new Refusal(43004, 'require subscribe'),
  emptyText: new Refusal(44004, 'empty content'),
  json: new Refusal(47001, 'data format error'),
  mediaSize: new Refusal(45001, 'media size out of limit'),
  textSize: new Refusal(45002, 'content size out of limit'),
  window: new Refusal(45015, 'response out of time limit or subscription is canceled'),
  minute: new Refusal(45011, 'api minute-quota reach limit, must slower, retry next minute'),
  day: new Refusal(45009, 'reach max api daily quota limit'),
  count: new Refusal(45047, 'out of response count limit'),
  command: new Refusal(45072, 'invalid command value'),
  typingTooLate: new Refusal(45080, 'typing status needs a recent interaction'),
  typingAlready: new Refusal(45081, 'already in typing status'),
  unauthorized: new Refusal(48001, 'api unauthorized'),
  refusedByUser: new Refusal(48002, 'user refuse to accept the msg'),
  path: new Refusal(76021, 'cgi_path not found, please check'),
} as const

export const outsideWhitelist = (ip: string): Refusal =>
  new Refusal(40164, `invalid ip ${ip} ipv6 ::ffff:${ip}, not in whitelist`)
