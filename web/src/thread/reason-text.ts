/** Why a delivery stands where it stands, in words, and what to do. */
import type { TFunction } from 'i18next'
import type { Delivery } from '../api/wire.ts'
import type { zh } from '../i18n/zh-CN.ts'

type Code = keyof typeof zh.delivery.code
type RefusalReason = 'read_only' | 'not_replyable' | 'quota_used'

const codes: ReadonlySet<string> = new Set<Code>([
  'rate_limited',
  'unreachable',
  'credentials_refused',
  'permission',
  'window_closed',
  'quota',
  'blocked',
  'gone',
  'too_long',
  'duplicate',
  'media_refused',
  'invalid',
  'no_answer',
  'platform_error',
  'expired',
  'earlier_part_lost',
  'overtaken',
  'dropped',
  'undone',
  'interrupted',
  'said_sent',
])
const refusals: ReadonlySet<string> = new Set<RefusalReason>(['read_only', 'not_replyable', 'quota_used'])

export function reasonText(
  { reason, state }: Pick<Delivery, 'reason' | 'state'>,
  t: TFunction,
  language: string,
): { what: string; help: string } {
  if (!reason || reason.code === 'undone') return { what: '', help: '' }
  const given = reason.text ? (language === 'en' ? reason.text.en : reason.text.zh) : ''
  if (refusals.has(reason.code)) return { what: given || t(`refusal.${reason.code as RefusalReason}`), help: '' }
  // Refused at the last moment: the person cannot be reached. (While it waits, the same word means the platform.)
  if (reason.code === 'unreachable' && state === 'failed')
    return { what: given || t('refusal.unreachable'), help: t('delivery.code.blocked.help') }
  if (!codes.has(reason.code)) return { what: given || reason.code, help: '' }
  const code = reason.code as Code
  return { what: given || t(`delivery.code.${code}.what`), help: t(`delivery.code.${code}.help`) }
}
