/** What WeChat answered. HTTP says 200 to everything; `errcode` inside says what happened. */
import { NoAnswer } from '#channel/errors.ts'
import { WeChatFailure } from './failure.ts'

export type Answer = Readonly<Record<string, unknown>>

/** The answer, when it is no refusal. Throws {@link WeChatFailure}. */
export async function readAnswer(response: Response): Promise<Answer> {
  return answerOf(await textOf(response), response.status)
}

async function textOf(response: Response): Promise<string> {
  try {
    return await response.text()
  } catch (error) {
    throw failureOf(error)
  }
}

export function answerOf(text: string, status: number): Answer {
  const answer = recordIn(text)
  if (status >= 500) throw new WeChatFailure('unreadable', { status })
  const errcode = answer === null ? null : codeOf(answer.errcode)
  if (errcode !== null && errcode !== 0) {
    const ip = errcode === 40164 ? ipIn(answer?.errmsg) : null
    throw new WeChatFailure('refused', { errcode, status, ...(ip === null ? {} : { ip }) })
  }
  // A gateway before WeChat: it did not let the call through.
  if (status >= 400) throw new WeChatFailure('refused', { status })
  if (answer === null || status !== 200) throw new WeChatFailure('unreadable', { status })
  return answer
}

function recordIn(text: string): Answer | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Answer) : null
  } catch {
    return null
  }
}

/** Null: there is none, or none that can be read. */
export function codeOf(errcode: unknown): number | null {
  if (typeof errcode === 'number' && Number.isInteger(errcode)) return errcode
  return typeof errcode === 'string' && /^-?\d{1,9}$/u.test(errcode) ? Number(errcode) : null
}

/** "invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist": overtrue/laravel-wechat#367, read 2026-11-24 */
function ipIn(errmsg: unknown): string | null {
  return typeof errmsg === 'string' ? (/invalid ip ([0-9a-f.:]{3,45})/iu.exec(errmsg)?.[1] ?? null) : null
}

/** A call that brought no answer. What is no failure of the network is a bug, and stays what it is. */
export function failureOf(error: unknown): unknown {
  if (!(error instanceof NoAnswer)) return error
  return new WeChatFailure(error.mayHaveLeft ? 'no_answer' : 'not_sent', { cause: error })
}
