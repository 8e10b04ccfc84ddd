/**
 * A recalled message is told by a message of its own, which names the first one. Puppets differ in how: the bare id as its text (what
 * `message.toRecalled()` reads), or WeChat's XML, where `newmsgid` is the id, and `msgid` where there is no `newmsgid`.
 * https://github.com/wechaty/puppet-padlocal/issues/34, https://github.com/wechaty/wechaty-puppet-padplus/issues/263,
 * https://github.com/wechaty/wechaty/pull/744, read 2026-11-24
 */
import { decode, looksLikeXml } from './kinds.ts'

/** Null when it names none. */
export function recalledId(text: string | null | undefined): string | null {
  if (!text) return null
  if (!looksLikeXml(text)) return /^[\w.:@-]{1,200}$/u.test(text.trim()) ? text.trim() : null
  const xml = decode(text)
  return /<newmsgid>\s*(\d{1,30})\s*</iu.exec(xml)?.[1] ?? /<msgid>\s*(\d{1,30})\s*</iu.exec(xml)?.[1] ?? null
}
