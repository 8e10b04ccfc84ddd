import type { Config } from '../config.ts'

/** Where the platform reaches an account; null while no public address is configured. */
export function webhookUrl(config: Pick<Config, 'door'>, accountId: string): string | null {
  return config.door === null ? null : `${config.door}/webhooks/${accountId}`
}
