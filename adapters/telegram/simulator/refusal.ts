/** An answer `{ ok: false }`, as the real server words it. Texts: tdlib/telegram-bot-api Client.cpp @01a3679 */

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: number
  readonly parameters: Readonly<Record<string, number>> | undefined

  constructor(code: number, description: string, parameters?: Readonly<Record<string, number>>) {
    super(description)
    this.code = code
    this.parameters = parameters
  }

  body(): object {
    const { code, message, parameters } = this
    return { ok: false, error_code: code, description: message, ...(parameters ? { parameters } : {}) }
  }
}

export const bad = (what: string) => new Refusal(400, `Bad Request: ${what}`)
export const tooMany = (seconds: number) =>
  new Refusal(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds })
