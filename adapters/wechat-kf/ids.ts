/** One conversation is a customer and one of our service accounts: the same customer may write to several of them. */
export interface Place {
  readonly openKfId: string
  readonly externalUserId: string
}

/** WeCom's ids are letters, digits, `-` and `_`. */
const plain = /^[0-9A-Za-z_-]{1,128}$/u

export const threadIdOf = ({ openKfId, externalUserId }: Place): string => `${openKfId}:${externalUserId}`

export function placeOf(threadId: string): Place | null {
  const [openKfId = '', externalUserId = '', ...rest] = threadId.split(':')
  return rest.length === 0 && plain.test(openKfId) && plain.test(externalUserId) ? { openKfId, externalUserId } : null
}

/** At most 32 of `[0-9a-zA-Z_-]`: a UUID without its dashes is exactly that. The same on every attempt. */
export const msgIdOf = (deliveryId: string): string => deliveryId.replaceAll(/[^0-9A-Za-z_]/gu, '').slice(0, 32)
