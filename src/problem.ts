/** Expected refusals on their way to the client. `app.ts` turns them into RFC 9457 problem details. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  readonly code: string
  readonly details: Readonly<Record<string, unknown>> | undefined

  /** `title` is shown to people as it is: it must not contain data. */
  constructor(status: number, code: string, title: string, details?: Readonly<Record<string, unknown>>) {
    super(title)
    this.status = status
    this.code = code
    this.details = details
  }
}

export const notFound = (what: string) => new Refused(404, 'not_found', `There is no such ${what}.`)
export const forbidden = () => new Refused(403, 'forbidden', 'Your role does not allow this.')
export const conflict = (code: string, title: string, details?: Readonly<Record<string, unknown>>) =>
  new Refused(409, code, title, details)
export const unprocessable = (code: string, title: string, details?: Readonly<Record<string, unknown>>) =>
  new Refused(422, code, title, details)
export const unavailable = (code: string, title: string) => new Refused(503, code, title)
