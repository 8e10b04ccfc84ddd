import { useQuery } from '@tanstack/react-query'
import { accountsQuery, channelsQuery } from '../api/queries.ts'
import type { Account, Channel } from '../api/wire.ts'

export interface FileAccount {
  readonly account: Account
  readonly channel: Channel
  readonly takes: NonNullable<Channel['imports']>
}

/** Accounts into which people bring files. */
export function useFileAccounts(): readonly FileAccount[] {
  const { data: accounts = [] } = useQuery(accountsQuery)
  const { data: channels = [] } = useQuery(channelsQuery)
  return accounts.flatMap((account) => {
    const channel = channels.find((one) => one.channel === account.channel)
    return channel?.imports ? [{ account, channel, takes: channel.imports }] : []
  })
}
