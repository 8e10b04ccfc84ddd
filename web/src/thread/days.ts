/** A thread as people read it: days, and runs of one person's messages. Pure. */
import type { Message } from '../api/wire.ts'
import { dayNumber } from '../i18n/format.ts'

export interface Line {
  readonly message: Message
  /** The first of its day: a separator stands above. */
  readonly startsDay: boolean
  /** Not the same person's next words: name and time are shown. */
  readonly startsRun: boolean
}

const runMs = 5 * 60_000

export function linesOf(messages: readonly Message[]): Line[] {
  return messages.map((message, index) => {
    const before = messages[index - 1]
    const time = new Date(message.sentAt)
    const startsDay = !before || dayNumber(new Date(before.sentAt)) !== dayNumber(time)
    const startsRun =
      startsDay ||
      before.direction !== message.direction ||
      before.surface !== message.surface ||
      before.threadId !== message.threadId ||
      before.author.id !== message.author.id ||
      before.author.name !== message.author.name ||
      before.outside !== message.outside ||
      time.getTime() - Date.parse(before.sentAt) > runMs
    return { message, startsDay, startsRun }
  })
}
