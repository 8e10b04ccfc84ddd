/** Why Huixin cannot start, in one sentence for the person who runs it: what is wrong, and what to do. Shown without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
