import type { Config } from '../config.ts'

/** Where the platform reaches an account; null while no public address is configured. */
export function webhookUrl(config: Pick<Config, 'url'>, accountId: string): string | null {
  return config.url === null ? null : `${config.url}/webhooks/${accountId}`
}
