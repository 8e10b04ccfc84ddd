import type { TFunction } from 'i18next'
import type { zh } from '../i18n/zh-CN.ts'

type Kind = keyof typeof zh.accounts.usage.kindNames
const kinds: ReadonlySet<string> = new Set<Kind>([
  'call',
  'read',
  'message-read',
  'post-read',
  'user-read',
  'token-renewal',
])

/** What is counted; a kind the desk has no words for, as the channel calls it. */
export const quotaName = (kind: string, t: TFunction): string =>
  kinds.has(kind) ? t(`accounts.usage.kindNames.${kind as Kind}`) : kind
