/** An answer that says no, in X's forms. */

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`${status}`)
    this.status = status
    this.body = body
    this.headers = headers
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Invalid Request',
  401: 'Unauthorized',
  402: 'CreditsDepleted',
  403: 'Forbidden',
  404: 'Not Found Error',
  409: 'Conflict',
  413: 'Payload Too Large',
  429: 'Too Many Requests',
}

/** `{ title, detail, type, status }`. Most refusals have the type `about:blank`. */
export function problem(status: number, detail: string, type = 'about:blank'): Refusal {
  const address = type === 'about:blank' ? type : `https://api.x.com/2/problems/${type}`
  return new Refusal(status, { title: titles[status] ?? 'Error', detail, type: address, status })
}

/** The older form, with a number. */
export function numbered(status: number, code: number, message: string): Refusal {
  return new Refusal(status, { errors: [{ code, message }] })
}

export function invalid(message: string): Refusal {
  return new Refusal(400, {
    errors: [{ message }],
    title: 'Invalid Request',
    detail: 'One or more parameters to your request was invalid.',
    type: 'https://api.x.com/2/problems/invalid-request',
  })
}

/** Ready to be scripted. Texts: see the adapter's README. */
export const refusals = {
  duplicate: () => problem(403, 'You are not allowed to create a Tweet with duplicate content.'),
  notMentioned: () =>
    problem(
      403,
      'Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.',
    ),
  parentGone: () => problem(403, 'You attempted to reply to a Tweet that is deleted or not visible to you.'),
  tooLong: () => problem(403, 'Your Tweet text is too long.'),
  cannotMessage: () => numbered(403, 349, 'You cannot send messages to this user.'),
  blocked: () => numbered(403, 136, 'You have been blocked from the author of this Tweet.'),
  suspended: () => numbered(403, 64, 'Your account is suspended and is not permitted to access this feature.'),
  badMedia: () => invalid('Your media IDs are invalid.'),
  unauthorized: () => problem(401, 'Unauthorized'),
  usageCapped: (period: 'Daily' | 'Monthly') =>
    new Refusal(429, {
      account_id: 1,
      product_name: 'standard-basic',
      title: 'UsageCapExceeded',
      period,
      scope: 'Product',
      detail: `Usage cap exceeded: ${period} product cap`,
      type: 'https://api.x.com/2/problems/usage-capped',
    }),
  noCredits: () =>
    problem(402, 'Your enrolled account does not have any credits to fulfill this request.', 'credits-depleted'),
} as const
