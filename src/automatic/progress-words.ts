/** How a ticket stands, as a customer says it. Pure. */
import type { TicketStatus } from '../db/schema.ts'
import type { Language } from './texts.ts'

/** `reopened`: open again after it was thought solved. */
export type Progress = TicketStatus | 'reopened'

const words: Readonly<Record<Progress, Record<Language, string>>> = {
  new: { zh: '已收到，等待客服处理。', en: 'We have it, and somebody will look at it.' },
  open: { zh: '客服正在处理。', en: 'Somebody is working on it.' },
  reopened: { zh: '已重新打开，会优先处理。', en: 'It is open again, and goes first.' },
  waiting_customer: { zh: '客服已回复，等您的消息。', en: 'We have answered and are waiting for you.' },
  waiting_other: {
    zh: '已转相关部门处理，有结果会通知您。',
    en: 'Another department is on it. We will tell you what comes of it.',
  },
  resolved: {
    zh: '已处理完。如果问题没有解决，请告诉我们。',
    en: 'It is done. If the problem is still there, tell us.',
  },
  closed: { zh: '已结束。如有新问题，直接发消息即可。', en: 'It is closed. If there is something new, just write.' },
}

export const progressWords = (progress: Progress, language: Language): string => words[progress][language]
