/** What an account used, kind by kind, in words. Pure. */
import type { TFunction } from 'i18next'
import type { Usage } from '../api/wire.ts'
import { figure } from '../i18n/format.ts'
import type { zh } from '../i18n/zh-CN.ts'

export interface UsageLine {
  /** `1,204 post reads` */
  readonly words: string
  readonly name: string
  readonly count: number
  readonly cost: number | null
  /** Whether it was used, nobody knows. */
  readonly isInDoubt?: true
}

type Kind = keyof typeof zh.accounts.usage.kindNames
const kinds: ReadonlySet<string> = new Set<Kind>([
  'call',
  'read',
  'message-read',
  'post-read',
  'user-read',
  'token-renewal',
])

/** Nothing of which nothing was used. A kind the desk has no words for is shown as the channel calls it. */
export function usageLines({ items, replies, inDoubt }: Usage, t: TFunction, language: string): UsageLine[] {
  const counted = (count: number) => ({ count, figure: figure(count, language) })
  const lines = [
    ...items.map(({ kind, ...used }) =>
      kinds.has(kind)
        ? {
            ...used,
            words: t(`accounts.usage.kinds.${kind as Kind}`, counted(used.count)),
            name: t(`accounts.usage.kindNames.${kind as Kind}`),
          }
        : { ...used, words: `${figure(used.count, language)} ${kind}`, name: kind },
    ),
    {
      ...replies,
      words: t('accounts.usage.replies', counted(replies.count)),
      name: t('accounts.usage.repliesName'),
    },
    {
      ...inDoubt,
      words: t('accounts.usage.inDoubt', counted(inDoubt.count)),
      name: t('accounts.usage.inDoubtName'),
      isInDoubt: true as const,
    },
  ]
  return lines.filter(({ count }) => count > 0)
}

/** Without what may not be billed. */
export function spentOn(lines: readonly UsageLine[]): number {
  return lines.reduce((sum, { cost, isInDoubt }) => (isInDoubt ? sum : sum + (cost ?? 0)), 0)
}
