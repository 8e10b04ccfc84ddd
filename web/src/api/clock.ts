/** The server's time: windows and undo times are the server's, and an agent's computer may be minutes off. */

let offsetMs = 0

/** Takes the `Date` header of an answer. Whole seconds only, so that small differences mean nothing. */
export function noteServerTime(header: string | null, now = Date.now()): void {
  const server = header ? Date.parse(header) : Number.NaN
  if (Number.isNaN(server)) return
  const offset = server - now
  offsetMs = Math.abs(offset) < 2_500 ? 0 : offset
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + offsetMs
}
