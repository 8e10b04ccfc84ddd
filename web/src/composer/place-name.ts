/** What one of a ticket's conversations is called: its channel, its surface, and who it is with. */
import type { TFunction } from 'i18next'
import type { Channel, Thread } from '../api/wire.ts'

export function placeName(
  { channel, surface, identity }: Thread,
  channels: readonly Channel[],
  t: TFunction,
  language: string,
): string {
  const title = channels.find((one) => one.channel === channel)?.title
  const name = title ? (language === 'en' ? title.en : title.zh) : channel
  return `${name} · ${t(`thread.${surface}`)} · ${identity.contact.name}`
}
