/**
 * One locale is loaded, the one that is used; changing it loads the other. Its words come in two parts: those the queue
 * needs, and the rest right behind it.
 */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { changePreferences, type Language } from '../preferences/preferences.ts'

type Part = () => Promise<{ readonly default: object }>
const parts: Record<Language, { readonly first: Part; readonly rest: Part }> = {
  'zh-CN': { first: () => import('virtual:words/zh-CN/first'), rest: () => import('virtual:words/zh-CN/rest') },
  en: { first: () => import('virtual:words/en/first'), rest: () => import('virtual:words/en/rest') },
}

export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'desk',
    ns: ['desk'],
    resources: { [language]: { desk: (await parts[language].first()).default } },
    // React escapes already; escaping twice would show `&amp;` to people.
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  document.documentElement.lang = language
}

const whole = new Set<string>()

/** Resolves when every word of the language is there. */
async function allWords(language: Language): Promise<void> {
  if (whole.has(language)) return
  const both = await Promise.all([parts[language].first(), parts[language].rest()])
  for (const { default: words } of both) i18next.addResourceBundle(language, 'desk', words, true, true)
  whole.add(language)
}

/** A part of the desk that is loaded when it is asked for, together with the words it speaks. */
export async function withWords<Module>(loading: Promise<Module>): Promise<Module> {
  const [loaded] = await Promise.all([loading, allWords(i18next.language as Language)])
  return loaded
}

export async function changeLanguage(language: Language): Promise<void> {
  await allWords(language)
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
  changePreferences({ language })
}
