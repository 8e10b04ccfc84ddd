/** One locale is loaded, the one that is used; changing it loads the other. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { changePreferences, type Language } from '../preferences/preferences.ts'
import type { Words } from './words.ts'

const load: Record<Language, () => Promise<Words>> = {
  'zh-CN': async () => (await import('./zh-CN.ts')).zh,
  en: async () => (await import('./en.ts')).en,
}

export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'desk',
    ns: ['desk'],
    resources: { [language]: { desk: await load[language]() } },
    // React escapes already; escaping twice would show `&amp;` to people.
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  document.documentElement.lang = language
}

export async function changeLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'desk')) {
    i18next.addResourceBundle(language, 'desk', await load[language]())
  }
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
  changePreferences({ language })
}
