/** Rules in words: what a condition asks and an action does. Pure but for the translations. */
import type { TFunction } from 'i18next'
import type { Category, Rule, RuleAction, RuleCondition } from '../api/wire.ts'
import { categoryName } from '../ticket/category-name.ts'

export const ruleName = (rule: Pick<Rule, 'en' | 'zh'>, language: string) => (language === 'en' ? rule.en : rule.zh)

interface Known {
  readonly categories: readonly Category[]
  readonly people: readonly { readonly id: string; readonly name: string }[]
  readonly teams: readonly { readonly id: string; readonly name: string }[]
  readonly channels: readonly {
    readonly channel: string
    readonly title: { readonly en: string; readonly zh: string }
  }[]
  readonly language: string
}

/** The first few, and how many more. */
function few(list: readonly string[], t: TFunction, language: string): string {
  const shown = list.slice(0, 6).join(language === 'en' ? ', ' : '、')
  return list.length > 6 ? t('rules.more', { list: shown, count: list.length - 6 }) : shown
}

export function conditionWords(condition: RuleCondition, t: TFunction, known: Known): string {
  const text = asked(condition, t, known)
  return condition.not ? t('rules.not', { text }) : text
}

function asked(condition: RuleCondition, t: TFunction, known: Known): string {
  const { language } = known
  switch (condition.type) {
    case 'words':
      return t('rules.told.words', { list: few(condition.words, t, language) })
    case 'pattern':
      return t('rules.told.pattern', { pattern: condition.pattern })
    case 'channel':
      return t('rules.told.channel', {
        list: few(
          condition.any.map((one) => titleOf(one, known)),
          t,
          language,
        ),
      })
    case 'surface':
      return t('rules.told.surface', {
        list: few(
          condition.any.map((one) => t(`filter.surfaces.${one}`)),
          t,
          language,
        ),
      })
    case 'followers':
      return t('rules.told.followers', { min: condition.min })
    case 'language':
      return t('rules.told.language', { list: few(condition.any, t, language) })
    case 'hour':
      return t('rules.told.hour', { from: condition.from, to: condition.to, timeZone: condition.timeZone })
    case 'history':
      return t('rules.told.history', { tickets: condition.tickets, days: condition.days })
    case 'category':
      return t('rules.told.category', {
        list: few(
          condition.any.map((id) => (id === null ? t('category.none') : categoryName(known.categories, id, language))),
          t,
          language,
        ),
      })
    case 'missing':
      return t('rules.told.missing', {
        list: few(
          condition.facts.map((fact) => t(`facts.${fact}`)),
          t,
          language,
        ),
      })
  }
}

const titleOf = (channel: string, { channels, language }: Known) => {
  const title = channels.find((one) => one.channel === channel)?.title
  return title ? (language === 'en' ? title.en : title.zh) : channel
}

export function actionWords(action: RuleAction, t: TFunction, known: Known): string {
  switch (action.type) {
    case 'category':
      return t('rules.does.category', { name: categoryName(known.categories, action.to, known.language) })
    case 'priority':
      return t(action.lower ? 'rules.does.prioritySet' : 'rules.does.priority', { name: t(`priority.${action.to}`) })
    case 'tag':
      return t('rules.does.tag', { tag: action.tag })
    case 'team':
      return t('rules.does.team', { name: known.teams.find(({ id }) => id === action.to)?.name ?? '…' })
    case 'assignee':
      return t('rules.does.assignee', { name: known.people.find(({ id }) => id === action.to)?.name ?? '…' })
    case 'question':
      return t('rules.does.question')
  }
}

/** A code of what failed, in words. */
export const failureWords = (code: string, t: TFunction): string =>
  t(`rules.failure.${code as 'too_slow'}`, { defaultValue: t('rules.failure.broken') })
