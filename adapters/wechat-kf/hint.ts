/** A call's token, good for ten minutes: https://developer.work.weixin.qq.com/document/path/94670, as known on 2026-11-24 */
const goodMs = 10 * 60_000

/** With the time it came: a hint may lie for as long as a server was away. */
export function hintOf(token: string, receivedAt: Date): string | null {
  return token === '' ? null : `${receivedAt.getTime()} ${token}`
}

export interface Hint {
  readonly token: string
  readonly cameAt: number
  readonly until: number
}

export function hintIn(hint: string | null): Hint | null {
  const [, time, token] = /^(\d{1,15}) (\S{1,512})$/u.exec(hint ?? '') ?? []
  return time && token ? { token, cameAt: Number(time), until: Number(time) + goodMs } : null
}
