import type { TFunction } from 'i18next'

export function languageName(code: string, locale: string, t: TFunction): string {
  if (code === 'und') return t('mentions.unknownLanguage')
  return new Intl.DisplayNames(locale, { type: 'language', fallback: 'code' }).of(code) ?? code
}
