/**
 * A 429 does not say what it counted. Documented are: about one message a second in one chat, 20 a minute in one group, about
 * 30 a second over all chats (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this, read
 * 2026-11-24); and the server's own two: too many messages of one chat still on their way, too many calls of one bot at
 * work (MAX_CONCURRENTLY_SENT_CHAT_MESSAGES and Client::send in tdlib/telegram-bot-api @01a3679).
 *
 * ASSUMPTION, changeable here alone: we keep below the bot's own rate, so one refused chat is that chat's affair, and a group
 * has a limit of its own that is soon met. When a second private chat is refused while the first still waits, or a third chat
 * of any kind, it is the bot that is slowed down. Only a hint: forgotten at a restart, wrong at worst for one wait.
 */
const privateChats = 2
const anyChats = 3

export interface FloodWatch {
  /** Notes a refusal, and says what has to wait. */
  refused(chatId: string, now: Date, until: Date): 'thread' | 'account'
  /** Until when this chat is refused, whoever writes there; null when nothing is known. */
  waitsUntil(chatId: string, now: Date): Date | null
}

export function createFloodWatch(): FloodWatch {
  const waiting = new Map<string, number>()
  const forget = (now: Date) => {
    for (const [chat, until] of waiting) if (until <= now.getTime()) waiting.delete(chat)
  }
  return {
    refused(chatId, now, until) {
      forget(now)
      waiting.set(chatId, until.getTime())
      const people = [...waiting.keys()].filter((chat) => !chat.startsWith('-')).length
      return people >= privateChats || waiting.size >= anyChats ? 'account' : 'thread'
    },
    waitsUntil(chatId, now) {
      forget(now)
      const until = waiting.get(chatId)
      return until === undefined ? null : new Date(until)
    },
  }
}
