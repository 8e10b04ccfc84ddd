import { useTranslation } from 'react-i18next'

interface Named {
  readonly zh: string
  readonly en: string
}

/** What is called something in both languages, in the reader's. */
export function useName(): (named: Named) => string {
  const { i18n } = useTranslation()
  return ({ zh, en }) => (i18n.language === 'en' ? en : zh)
}
