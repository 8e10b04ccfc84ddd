/** Addresses of the public pages, and the tokens in them. */
import { timingSafeEqual } from 'node:crypto'
import type { Config } from '../config.ts'
import type { Seal } from '../seal.ts'
import { shortMac } from './code.ts'

/** Of the status page; null while no public address is known. */
export function statusAddress(config: Pick<Config, 'url' | 'door'>): string | null {
  const base = config.url ?? config.door
  return base === null ? null : `${base}/status`
}

/** With the look-up code filled in. Empty while no address is known. */
export function statusLink(config: Pick<Config, 'url' | 'door'>, code: string): string {
  const address = statusAddress(config)
  return address === null ? '' : `${address}?c=${code}`
}

/** What answers one question without signing in: its id and an HMAC of it. */
export function answerToken(seal: Pick<Seal, 'hash'>, questionId: string): string {
  return `${questionId.replaceAll('-', '')}${macOf(seal, questionId)}`
}

/** The question's id; null: not one of ours. */
export function readAnswerToken(seal: Pick<Seal, 'hash'>, token: string): string | null {
  const [, hex, mac] = /^([0-9a-f]{32})([0-9A-Z]{20})$/u.exec(token) ?? []
  if (!hex || !mac) return null
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5')
  return timingSafeEqual(Buffer.from(macOf(seal, id)), Buffer.from(mac)) ? id : null
}

export function answerLink(
  deps: { readonly config: Pick<Config, 'url' | 'door'>; readonly seal: Pick<Seal, 'hash'> },
  questionId: string,
): string {
  const address = statusAddress(deps.config)
  return address === null ? '' : `${address}/answer/${answerToken(deps.seal, questionId)}`
}

/** Twenty characters, a hundred bits: nobody types it. */
const macOf = (seal: Pick<Seal, 'hash'>, questionId: string) => shortMac(seal, `answer:${questionId}`, 20)
