/** What the gateway does to the next send instead of taking it. */

export type GatewayFault =
  /** It fails inside, and does not say whether the message went out. */
  | { readonly kind: 'server-error' }
  /** Taken, and no answer ever comes. */
  | { readonly kind: 'hang' }
  /** Taken, and the line breaks before the answer. */
  | { readonly kind: 'cut' }
  /** Not taken: gRPC's status, with the puppet's words. */
  | { readonly kind: 'status'; readonly code: number; readonly words: string }
  /** Not taken: a puppet that throws a plain error, as most do. */
  | { readonly kind: 'throws'; readonly words: string }

/** The gateway hands an error's own code and words on. */
export function statusError(code: number, words: string): Error {
  return Object.assign(new Error(words), { code, details: words })
}
