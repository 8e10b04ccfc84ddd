/** Where what was done stands between the messages. Pure. */
import type { Message, TogetherAct } from '../api/wire.ts'

/**
 * Those that come before each message, and behind the last one. What is older than the first message that was read waits
 * until earlier ones are, unless there are none.
 */
export function actsAmong(
  messages: readonly Message[],
  acts: readonly TogetherAct[],
  isWhole: boolean,
): { readonly before: ReadonlyMap<string, readonly TogetherAct[]>; readonly after: readonly TogetherAct[] } {
  const before = new Map<string, TogetherAct[]>()
  const after: TogetherAct[] = []
  for (const act of acts) {
    const next = messages.find(({ sentAt }) => sentAt >= act.at)
    if (!next) after.push(act)
    else if (next !== messages[0] || isWhole) before.set(next.id, [...(before.get(next.id) ?? []), act])
  }
  return { before, after }
}
