/** Gives the desk its words in two parts per language: `virtual:words/en/first` and `virtual:words/en/rest`. */
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { modulesOf, onlyWords, spokenBy, type Tree } from './first-words.ts'
import { en } from './src/i18n/en.ts'
import { zh } from './src/i18n/zh-CN.ts'

const locales: { readonly [locale: string]: Tree } = { 'zh-CN': zh, en: en as Tree }
const address = /^virtual:words\/([\w-]+)\/(first|rest)$/u

export function words(root: string): Plugin {
  return {
    name: 'huixin-words',
    resolveId: (id) => (address.test(id) ? `\0${id}` : null),
    load(id) {
      const [, locale = '', part] = address.exec(id.replace(/^\0/u, '')) ?? []
      const all = locales[locale]
      if (!all) return null
      const isFirst = spokenBy(modulesOf(join(root, 'src/main.tsx')), zh)
      const chosen = onlyWords(all, (key) => isFirst(key) === (part === 'first'))
      return `export default ${JSON.stringify(chosen)}`
    },
  }
}
