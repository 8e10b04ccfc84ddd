/**
 * One session of an account at a time in this process, also over a change of its settings: a token serves one connection, so the old
 * session has to be over before the new one starts. (Over several servers the core's lease sees to it.)
 */
const queues = new Map<string, Promise<void>>()

/** Resolves when it is our turn, to what ends it. */
export async function takeTurn(accountId: string): Promise<() => void> {
  const before = queues.get(accountId) ?? Promise.resolve()
  let end = () => {}
  const ours = new Promise<void>((resolve) => {
    end = resolve
  })
  const last = before.then(() => ours)
  queues.set(accountId, last)
  void last.then(() => {
    if (queues.get(accountId) === last) queues.delete(accountId)
  })
  await before
  return end
}
