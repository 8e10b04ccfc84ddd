/**
 * What reading an update needs beside the update: parsing stays pure, and whoever calls it brings this.
 * `memory.ts` keeps it.
 */

/** A business account the bot is connected to. https://core.telegram.org/bots/api#businessconnection, read 2026-11-24 */
export interface Connected {
  readonly userId: string
  readonly name: string
  readonly enabled: boolean
  readonly canReply: boolean
}

/** The post that a discussion group's copy stands for; null where Telegram does not tell. */
export interface Copied {
  readonly channelId: string
  readonly postId: number | null
}

export interface Known {
  business(connectionId: string): Connected | null
  /** Null when the message is no copy, or was never seen. */
  copy(chatId: string, messageId: number): Copied | null
}

export const nothingKnown: Known = { business: () => null, copy: () => null }
