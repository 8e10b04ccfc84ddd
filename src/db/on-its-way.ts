/**
 * Lets a transaction end without waiting for its last statement: the commit is sent right behind it, and is a rollback when
 * the statement failed. Whoever began the transaction waits for `done` after it, and hears of the failure there.
 *
 * A statement reaches the connection within some microtasks; the callback of a tick runs when there are none left.
 */
export async function onItsWay<T>(statement: Promise<T>): Promise<{ readonly done: Promise<T> }> {
  // Heard later: until then it is nobody's unhandled rejection.
  statement.catch(() => {})
  await new Promise<void>((resolve) => process.nextTick(resolve))
  return { done: statement }
}
