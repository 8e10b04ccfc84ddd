/** Something is wrong with the rule itself, by a stable code its author is shown. */
export class RuleFailed extends Error {
  override readonly name = 'RuleFailed'
  readonly code: string
  constructor(code: string) {
    super(`the rule failed: ${code}`)
    this.code = code
  }
}
