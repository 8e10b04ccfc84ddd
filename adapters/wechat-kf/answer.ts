/** What WeCom answered. HTTP says 200 to everything; `errcode` inside says what happened. */
import { failureOf, WeComFailure } from './failure.ts'
import { type Fields, fieldsOf } from './types.ts'

/** Throws {@link WeComFailure} unless it says `errcode: 0`. */
export async function readAnswer(response: Response): Promise<Fields> {
  return answerOf(await bodyOf(response), response.status)
}

async function bodyOf(response: Response): Promise<string> {
  try {
    return await response.text()
  } catch (error) {
    throw failureOf(error)
  }
}

export function answerOf(text: string, status: number): Fields {
  if (status >= 500) throw new WeComFailure('unreadable', { status })
  const answer = recordIn(text)
  const errcode = codeOf(answer?.errcode)
  if (errcode !== null && errcode !== 0) {
    throw new WeComFailure('refused', { errcode, status, ip: errcode === 60020 ? ipIn(answer?.errmsg) : null })
  }
  // A gateway before WeCom: it did not let the call through.
  if (status >= 400) throw new WeComFailure('refused', { status })
  // Without a word about how it went, it may have gone either way.
  if (answer === null || errcode !== 0 || status !== 200) throw new WeComFailure('unreadable', { status })
  return answer
}

function recordIn(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? fieldsOf(value) : null
  } catch {
    return null
  }
}

/** Null: there is none, or none that can be read. */
function codeOf(errcode: unknown): number | null {
  if (typeof errcode === 'number' && Number.isInteger(errcode)) return errcode
  return typeof errcode === 'string' && /^-?\d{1,9}$/u.test(errcode) ? Number(errcode) : null
}

/** "not allow to access from your ip, …, from ip: 1.2.3.4, more info at …" */
function ipIn(errmsg: unknown): string | null {
  return typeof errmsg === 'string' ? (/from ip:\s*([0-9a-f.:]{3,45}?)(?=[,\s]|$)/iu.exec(errmsg)?.[1] ?? null) : null
}
