import type { TFunction } from 'i18next'
import type { Import } from '../api/wire.ts'
import { figure } from '../i18n/format.ts'

/** “212 new, 3 already there, 3 bad”, and why it ended where it did not. */
export function summaryOf({ state, reason, fresh, known, bad }: Import, t: TFunction, locale: string): string {
  const figures = { fresh: figure(fresh, locale), known: figure(known, locale), bad: figure(bad, locale) }
  const summary = t('imports.summary', figures)
  if (state !== 'failed') return summary
  const why =
    reason === 'account_removed'
      ? t('imports.reasons.account_removed')
      : t('imports.reasons.other', { code: reason ?? '' })
  return `${why} ${summary}`
}
