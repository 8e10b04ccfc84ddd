/**
 * A 429 does not say what it counted: one chat (about one message a second, 20 a minute in a group) or the whole bot
 * (about 30 a second). https://core.telegram.org/bots/faq, read 2026-11-22
 *
 * We keep below the bot's own rate, so one refused chat is that chat's affair. When a second one is refused while the
 * first still waits, it is the bot that is slowed down. Only a hint: forgotten at a restart, wrong at worst for one wait.
 */
export function createFloodWatch() {
  const waiting = new Map<string, number>()
  return (chatId: string, now: Date, after: Date): 'thread' | 'account' => {
    for (const [chat, until] of waiting) if (until <= now.getTime()) waiting.delete(chat)
    waiting.set(chatId, after.getTime())
    return waiting.size > 1 ? 'account' : 'thread'
  }
}
