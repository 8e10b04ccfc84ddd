/**
 * Chinese public holidays and the weekend days worked in exchange for them. The State Council publishes each year in the
 * autumn before it; the package knows those. Of a later year the days of the law are holidays all the same (Regulation on
 * Public Holidays, as revised for 2025: https://www.gov.cn/zhengce/content/202411/content_6986380.htm), but not which days
 * around them are swapped.
 */
import chineseDays from 'chinese-days'

// A CommonJS module whose names Node does not find.
const { getDayDetail, getSolarDateFromLunar, getSolarTermDate } = chineseDays

/** `workday`: a weekend day that is worked. Null: an ordinary day. */
export type ChineseDay = 'holiday' | 'workday' | null

/** `date` is `YYYY-MM-DD`. */
export function chineseDay(date: string): ChineseDay {
  const year = Number(date.slice(0, 4))
  if (!isPublished(year)) return holidaysByLaw(year).has(date) ? 'holiday' : null
  const detail = getDayDetail(date)
  if (!isNamed(detail)) return null
  return detail.work ? 'workday' : 'holiday'
}

/** Are that year's swapped days known? */
export function isPublished(year: number): boolean {
  const known = published.get(year) ?? isNamed(getDayDetail(`${year}-10-01`))
  published.set(year, known)
  return known
}

/** Ordinary days are called by their weekday; others `New Year's Day,元旦,1`. */
const isNamed = ({ name }: { readonly name: string }) => name.includes(',')
const published = new Map<number, boolean>()
const byLaw = new Map<number, ReadonlySet<string>>()

/** The package's tables of the moon end here. */
const lastLunarYear = 2100

function holidaysByLaw(year: number): ReadonlySet<string> {
  const known = byLaw.get(year)
  if (known) return known
  const days = ['01-01', '05-01', '05-02', '10-01', '10-02', '10-03'].map((day) => `${year}-${day}`)
  if (year >= 1900 && year <= lastLunarYear) {
    const newYear = getSolarDateFromLunar(`${year}-01-01`).date
    // The eve and the first three days.
    days.push(...[-1, 0, 1, 2].map((after) => shift(newYear, after)))
    days.push(getSolarTermDate(year, 4, 'pure_brightness'))
    days.push(getSolarDateFromLunar(`${year}-05-05`).date, getSolarDateFromLunar(`${year}-08-15`).date)
  }
  const set = new Set(days)
  byLaw.set(year, set)
  return set
}

const shift = (date: string, days: number) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
