/**
 * A hidden field that only a page of ours has. It says when the page was made, and is the form's id: sent twice, by a nervous
 * finger or a reload, it is one message.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const maxAgeMs = 12 * 3_600_000

export function mintToken(secret: string, now: Date): string {
  const content = `${now.getTime()}.${randomBytes(18).toString('base64url')}`
  return `${content}.${mac(secret, content)}`
}

/** The form's id; null when it is none of ours, or too old. */
export function readToken(secret: string, token: string, now: Date): string | null {
  const [, content = '', given = ''] = /^([0-9]{1,15}\.[\w-]{24})\.([\w-]{43})$/u.exec(token) ?? []
  if (content === '') return null
  const ours = Buffer.from(mac(secret, content))
  if (!timingSafeEqual(Buffer.from(given), ours)) return null
  const age = now.getTime() - Number(content.split('.')[0])
  return age >= 0 && age <= maxAgeMs ? content.split('.')[1]! : null
}

const mac = (secret: string, content: string) =>
  createHmac('sha256', secret).update(`intake.form:${content}`).digest('base64url')
