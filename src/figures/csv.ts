/** One table of the figures for a spreadsheet: spans in minutes, times in the zone that was asked for. */
import type { Bilingual } from '../channel/errors.ts'
import { writeCsv } from '../inbound/imports/write-csv.ts'
import type { Dimension, FigureReport, FigureRow, Figures } from '../wire-figures.ts'

type Language = keyof Bilingual
type Read = (figures: Figures) => number | null

const minutes = (ms: number | null) => (ms === null ? null : Math.round(ms / 6_000) / 10)

const columns: readonly (readonly [Bilingual, Read])[] = [
  [{ zh: '新工单', en: 'Tickets opened' }, (f) => f.opened],
  [{ zh: '尚未答复', en: 'Not answered yet' }, (f) => f.unanswered],
  [{ zh: '已首次答复', en: 'First answers' }, (f) => f.firstAnswer.count],
  [{ zh: '首次答复中位数（分钟）', en: 'First answer, median (min)' }, (f) => minutes(f.firstAnswer.median)],
  [{ zh: '首次答复 90 分位（分钟）', en: 'First answer, 90th percentile (min)' }, (f) => minutes(f.firstAnswer.p90)],
  [{ zh: '人工答复', en: 'Answers written' }, (f) => f.answers],
  [{ zh: '已解决', en: 'Tickets resolved' }, (f) => f.resolved],
  [{ zh: '解决用时中位数（分钟）', en: 'Resolution, median (min)' }, (f) => minutes(f.resolution.median)],
  [{ zh: '解决用时 90 分位（分钟）', en: 'Resolution, 90th percentile (min)' }, (f) => minutes(f.resolution.p90)],
  [{ zh: '重新打开', en: 'Reopened' }, (f) => f.reopened],
  [{ zh: '期末未解决', en: 'Backlog at the end' }, (f) => f.backlog],
  [{ zh: '质检次数', en: 'Reviews' }, (f) => f.quality.count],
  [{ zh: '质检均分（百分制）', en: 'Review score, average of 100' }, (f) => f.quality.mean],
  [{ zh: '到期的承诺', en: 'Promises due' }, (f) => f.kept.count],
  [{ zh: '时效达成率（%）', en: 'Promises kept (%)' }, (f) => f.kept.mean],
  [{ zh: '满意度评价数', en: 'Ratings' }, (f) => f.satisfaction.count],
  [{ zh: '满意度均分（1–5）', en: 'Rating, average of 5' }, (f) => f.satisfaction.mean],
]

const heads: Readonly<Record<Dimension, Bilingual>> = {
  time: { zh: '时间', en: 'Time' },
  channel: { zh: '渠道', en: 'Channel' },
  brand: { zh: '品牌', en: 'Brand' },
  category: { zh: '分类', en: 'Category' },
  agent: { zh: '客服', en: 'Agent' },
  hour: { zh: '小时', en: 'Hour of the day' },
}
const none: Bilingual = { zh: '（无）', en: '(none)' }
const total: Bilingual = { zh: '合计', en: 'Total' }

/** `nameOf`: of a channel. */
export function csvOf(
  report: FigureReport,
  by: Dimension,
  language: Language,
  nameOf: (channel: string) => Bilingual | null,
): string {
  const line = (name: string, figures: Figures) => [
    name,
    ...columns.map(([, read]) => {
      const value = read(figures)
      return value === null ? '' : String(value)
    }),
  ]
  const label = ({ key, name, title }: FigureRow): string => {
    if (key === null) return none[language]
    if (by === 'time') return localTime(new Date(key), report)
    if (by === 'hour') return `${key.padStart(2, '0')}:00`
    if (by === 'channel') return nameOf(key)?.[language] ?? key
    return title?.[language] ?? name ?? key
  }
  const rows = (report.by[by] ?? []).map((row) => line(label(row), row.figures))
  const head = by === 'time' ? `${heads.time[language]} (${report.zone})` : heads[by][language]
  return writeCsv([[head, ...columns.map(([title]) => title[language])], ...rows, line(total[language], report.total)])
}

/** `2026-11-25`, with its hour where rows are hours. */
function localTime(time: Date, { zone, step }: Pick<FigureReport, 'zone' | 'step'>): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    ...(step === 'hour' ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' as const } : {}),
  }).formatToParts(time)
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  const day = `${of('year')}-${of('month')}-${of('day')}`
  return step === 'hour' ? `${day} ${of('hour')}:${of('minute')}` : day
}
