/** How a call ended that brought nothing. Holds no address: there is a token in it. */

/**
 * - `not_sent`: it certainly never left. - `no_answer`: it may have. - `unreadable`: an answer nobody can read, a 5xx.
 * - `refused`: WeChat said why, by `errcode`, mostly inside a 200. - `wait`: we ourselves may not ask again before `after`.
 */
export type FailureKind = 'not_sent' | 'no_answer' | 'unreadable' | 'refused' | 'wait'

export interface FailureDetails {
  readonly errcode?: number
  /** HTTP's, where it says more than 200. */
  readonly status?: number
  /** Whom WeChat did not let in (40164). */
  readonly ip?: string
  readonly after?: Date
  /** The call it was meant for was not made, because no access token could be had. */
  readonly beforeCall?: boolean
  readonly cause?: unknown
}

export class WeChatFailure extends Error {
  override readonly name = 'WeChatFailure'
  readonly kind: FailureKind
  readonly errcode: number | null
  readonly status: number | null
  readonly ip: string | null
  readonly after: Date | null
  readonly beforeCall: boolean

  constructor(kind: FailureKind, details: FailureDetails = {}) {
    super(details.errcode === undefined ? kind : `${kind}: ${details.errcode}`, { cause: details.cause })
    this.kind = kind
    this.errcode = details.errcode ?? null
    this.status = details.status ?? null
    this.ip = details.ip ?? null
    this.after = details.after ?? null
    this.beforeCall = details.beforeCall ?? false
  }
}

/** The same, known to have ended before the call it was for. */
export function beforeCall(error: WeChatFailure): WeChatFailure {
  const { kind, errcode, status, ip, after } = error
  return new WeChatFailure(kind, {
    ...(errcode === null ? {} : { errcode }),
    ...(status === null ? {} : { status }),
    ...(ip === null ? {} : { ip }),
    ...(after === null ? {} : { after }),
    beforeCall: true,
    cause: error,
  })
}
