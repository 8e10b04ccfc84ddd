/** The times offered for "later", in the agent's own time zone. Pure. */
export interface Offer {
  readonly name: 'hour' | 'evening' | 'tomorrow' | 'monday'
  readonly at: Date
}

export function laterTimes(now: Date): Offer[] {
  const at = (days: number, hour: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour)
  const hour = new Date(now.getTime() + 3_600_000)
  hour.setSeconds(0, 0)
  const untilMonday = (8 - now.getDay()) % 7 || 7
  const offers: Offer[] = [
    { name: 'hour', at: hour },
    { name: 'evening', at: at(0, 18) },
    { name: 'tomorrow', at: at(1, 9) },
    { name: 'monday', at: at(untilMonday, 9) },
  ]
  // An evening that is over, or nearly; on Sunday, Monday is tomorrow.
  return offers.filter(
    ({ name, at: time }) =>
      (name !== 'evening' || time.getTime() - now.getTime() > 3_600_000) && (name !== 'monday' || untilMonday > 1),
  )
}

/** For `<input type="datetime-local">`, which speaks local time without a zone. */
export function toLocalInput(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}T${two(time.getHours())}:${two(time.getMinutes())}`
}
