/**
 * Is this request WeChat's, and what does it say?
 * https://developers.weixin.qq.com/doc/service/guide/dev/push/encryption.html, read 2026-11-24
 */
import { WebhookMalformed, WebhookRejected } from '#channel/errors.ts'
import { isSame, open, signatureOf } from './crypt.ts'
import { readDocument } from './document.ts'
import type { Settings } from './settings.ts'
import type { Payload } from './types.ts'

/**
 * How far a request's time may be from when it came; older ones are replays. WeChat repeats a push for some 15 s (5 s,
 * three times), under the same time perhaps; the rest is for clocks that go wrong.
 */
export const allowedSkewMs = 5 * 60_000

export type Opening =
  /** The console asks whether the address is ours: what it wants to hear. */
  { readonly kind: 'greeting'; readonly echo: string } | { readonly kind: 'push'; readonly payload: Payload }

/** WeChat sends unencrypted what has to be encrypted: its console is set to another mode than the account. */
export class Unencrypted extends WebhookRejected {}

/** Throws {@link WebhookRejected} and {@link WebhookMalformed}; anything else is genuine and can be read after a fix. */
export async function verify(request: Request, receivedAt: Date, settings: Settings): Promise<Opening> {
  const query = new URL(request.url).searchParams
  const given = (name: string) => query.get(name) ?? ''
  const timestamp = given('timestamp')
  const signed = [settings.token, timestamp, given('nonce')]
  if (!/^\d{1,12}$/u.test(timestamp)) throw new WebhookRejected('The timestamp is missing.')
  if (Math.abs(receivedAt.getTime() - Number(timestamp) * 1000) > allowedSkewMs) {
    throw new WebhookRejected('The timestamp is too far from the time of arrival.')
  }
  // An empty token fits nobody.
  const isGenuine = settings.token !== '' && isSame(given('signature'), signatureOf(signed))
  if (request.method === 'GET') {
    if (!isGenuine) throw new WebhookRejected('The signature is missing or wrong.')
    return { kind: 'greeting', echo: given('echostr') }
  }
  if (request.method !== 'POST') throw new WebhookRejected('WeChat posts.')
  // Nothing is read from a stranger who brings no signature at all.
  if (!isGenuine && given('msg_signature') === '') throw new WebhookRejected('The signature is missing or wrong.')

  const outer = await readBody(request, isGenuine)
  const sealed = typeof outer.Encrypt === 'string' && outer.Encrypt !== '' ? outer.Encrypt : null
  const keys = [settings.encodingAesKey, settings.previousEncodingAesKey].filter((key) => key !== '')
  if (settings.mode === 'plain' && (sealed === null || keys.length === 0)) {
    if (!isGenuine) throw new WebhookRejected('The signature is missing or wrong.')
    if (sealed !== null && outer.MsgType === undefined) throw new Error('an encrypted push, and no EncodingAESKey')
    return { kind: 'push', payload: outer }
  }
  // The plain signature says nothing about a body: what came beside the sealed part is not looked at.
  if (sealed === null) {
    if (isGenuine) throw new Unencrypted('The push is not encrypted.')
    throw new WebhookRejected('The push is not encrypted, and its signature is missing or wrong.')
  }
  if (settings.token === '' || !isSame(given('msg_signature'), signatureOf([...signed, sealed]))) {
    throw new WebhookRejected('The signature over the message is missing or wrong.')
  }
  return { kind: 'push', payload: unseal(sealed, keys, settings.appId) }
}

async function readBody(request: Request, isGenuine: boolean): Promise<Payload> {
  try {
    return readDocument(new Uint8Array(await request.arrayBuffer()))
  } catch (error) {
    if (isGenuine || !(error instanceof WebhookMalformed)) throw error
    throw new WebhookRejected('The signature is missing or wrong.', { cause: error })
  }
}

/** Signed by WeChat, all of it: what cannot be opened is kept and read again with the right key. */
function unseal(sealed: string, keys: readonly string[], appId: string): Payload {
  const opened = keys.map((key) => open(sealed, key)).filter((found) => found !== null)
  if (opened.length === 0) throw new Error('an encrypted push that fits neither EncodingAESKey')
  const ours = opened.find((found) => isSame(found.appId, appId))
  if (!ours) throw new WebhookRejected('The push is for another app id.')
  try {
    return readDocument(ours.message)
  } catch (cause) {
    throw new Error('an encrypted push without a document', { cause })
  }
}
