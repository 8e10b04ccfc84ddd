/** Why a reply cannot be sent, in words and with its figures. */
import type { TFunction } from 'i18next'
import type { TextUnit } from '#channel/capabilities.ts'
import type { Refusal } from '#channel/refuse.ts'
import type { MediaKind } from '../api/wire.ts'
import { figure, fileSize } from '../i18n/format.ts'

export function refusalText({ code, details }: Refusal, t: TFunction, language: string): string {
  const kind = t(`media.kind.${(details.kind ?? 'document') as MediaKind}`)
  switch (code) {
    case 'too_long':
      return t('refusal.too_long', {
        over: figure(Number(details.length) - Number(details.max), language),
        unit: t(`composer.unit.${details.unit as TextUnit}`),
      })
    case 'media_kind':
    case 'media_type':
      return t(`refusal.${code}`, { kind })
    case 'media_size':
      return t('refusal.media_size', { kind, max: fileSize(Number(details.max), language) })
    default: {
      // What the channel says about it, where it says it in words; a code says no more than our sentence.
      const said = saidBy(details.reason ?? null, language)
      return said ? t('refusal.because', { refusal: t(`refusal.${code}`), reason: said }) : t(`refusal.${code}`)
    }
  }
}

function saidBy(reason: Refusal['details'][string], language: string): string | null {
  if (typeof reason === 'object') return reason?.[language.startsWith('zh') ? 'zh' : 'en'] ?? null
  return typeof reason === 'string' && !/^[\w.:-]*$/u.test(reason) ? reason : null
}

const codes = [
  'read_only',
  'unreachable',
  'not_replyable',
  'window_closed',
  'quota_used',
  'empty',
  'too_long',
  'media_kind',
  'media_type',
  'media_size',
]

/** A refusal that came from the server: the composer's own check was a moment too early. */
export function isRefusalCode(code: string): code is Refusal['code'] {
  return codes.includes(code)
}
