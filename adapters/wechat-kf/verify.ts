/**
 * Is this call WeCom's, and what does it say?
 * https://developer.work.weixin.qq.com/document/path/90930, as known on 2026-11-24
 */
import { WebhookMalformed, WebhookRejected } from '#channel/errors.ts'
import { isSame, open, signatureOf } from './crypt.ts'
import type { Settings } from './settings.ts'

/** How far a call's time may be from when it came. WeCom repeats one for some 15 s; the rest is for clocks that go wrong. */
export const allowedSkewMs = 5 * 60_000

type Secrets = Pick<Settings, 'corpId' | 'token' | 'encodingAesKey'>

/** What was sealed: the word to say back to a GET, a document for a POST. */
export async function verify(request: Request, receivedAt: Date, secrets: Secrets): Promise<string> {
  const query = new URL(request.url).searchParams
  const given = (name: string) => query.get(name) ?? ''
  const timestamp = given('timestamp')
  if (!/^\d{1,12}$/u.test(timestamp)) throw new WebhookRejected('The timestamp is missing.')
  if (Math.abs(receivedAt.getTime() - Number(timestamp) * 1000) > allowedSkewMs) {
    throw new WebhookRejected('The timestamp is too far from the time of arrival.')
  }
  // Nothing is read from a stranger who brings no signature at all.
  if (given('msg_signature') === '' || secrets.token === '') throw new WebhookRejected('The signature is missing.')
  const sealed = request.method === 'GET' ? given('echostr') : await sealedIn(request)
  const right = signatureOf([secrets.token, timestamp, given('nonce'), sealed])
  if (sealed === '' || !isSame(given('msg_signature'), right)) throw new WebhookRejected('The signature is wrong.')
  const opened = open(sealed, secrets.encodingAesKey)
  // Signed with our token, all of it: kept, and read again when the key is right.
  if (opened === null) throw new Error('a call that does not fit the EncodingAESKey')
  if (!isSame(opened.receiver, secrets.corpId)) throw new WebhookRejected('The call is for another company.')
  return opened.message
}

async function sealedIn(request: Request): Promise<string> {
  if (request.method !== 'POST') throw new WebhookRejected('WeCom gets and posts.')
  return fieldIn(await request.text(), 'Encrypt')
}

/** A field of WeCom's flat documents; what is declared in them is never looked at. Empty: there is none. */
export function fieldIn(xml: string, name: string): string {
  const found = new RegExp(`<${name}>\\s*(?:<!\\[CDATA\\[([^\\]]*)\\]\\]>|([^<]*))\\s*</${name}>`, 'u').exec(xml)
  return (found?.[1] ?? found?.[2] ?? '').trim()
}

export function assertDocument(message: string): void {
  if (!/^\s*<xml>[\s\S]*<\/xml>\s*$/u.test(message)) throw new WebhookMalformed('no <xml> document')
}
