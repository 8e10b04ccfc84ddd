/** Days of a time zone that need not be the browser's. Pure. */

/** How far the zone's clocks are ahead of UTC at that time, in milliseconds; null: there is no such zone. */
export function offsetAt(time: number, zone: string): number | null {
  try {
    const parts = new Intl.DateTimeFormat('en', {
      timeZone: zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      hourCycle: 'h23',
    }).formatToParts(time)
    const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
    const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
    return wall - Math.floor(time / 1000) * 1000
  } catch {
    return null
  }
}

/** Midnight there; where clocks are changed at midnight, the first moment of the day. */
export function startOfDay(year: number, month: number, date: number, zone: string): Date {
  const wall = Date.UTC(year, month - 1, date)
  const first = wall - (offsetAt(wall, zone) ?? 0)
  return new Date(wall - (offsetAt(first, zone) ?? 0))
}

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

/** Where brands and their people are; any other may stand in the address. */
const common = [
  'Asia/Shanghai',
  'Asia/Tokyo',
  'Asia/Singapore',
  'Asia/Kolkata',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/Los_Angeles',
  'UTC',
]
export const zonesToChoose = (...own: readonly string[]): string[] => [...new Set([...own, ...common])]
