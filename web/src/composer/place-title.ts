import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { accountsQuery } from '../api/queries.ts'
import type { Channel } from '../api/wire.ts'
import { amongHan } from '../i18n/format.ts'

/** What people call the place behind an account, for the middle of a sentence: the platform, where the channel is none. */
export function usePlaceTitle(): (accountId: string, channel: Pick<Channel, 'title'>) => string {
  const { i18n } = useTranslation()
  const { data: accounts = [] } = useQuery(accountsQuery)
  return (accountId, { title }) => {
    const platform = accounts.find(({ id }) => id === accountId)?.platform
    if (i18n.language === 'en') return platform ?? title.en
    return amongHan(platform ?? title.zh)
  }
}
