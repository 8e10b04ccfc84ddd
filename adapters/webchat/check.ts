import type { Health } from '#channel/tools.ts'
import { isOpen } from './hours.ts'
import type { Settings } from './settings.ts'

/** Nobody to ask: it says what an administrator has to do next. */
export function check(settings: Settings, webhookUrl: string | null, now: Date): Health {
  if (webhookUrl === null) {
    return {
      state: 'warning',
      text: {
        en: 'Visitors cannot reach it: set HUIXIN_URL to this server’s public address.',
        zh: '访客无法访问：请将 HUIXIN_URL 设为此服务器的公网地址。',
      },
    }
  }
  const tag = `<script src="${webhookUrl}/widget.js" async></script>`
  const open = isOpen(settings.officeHours, settings.timeZone, now)
  return {
    state: 'ok',
    text: {
      en: `Put this into the pages of your site: ${tag}${open ? '' : ' Office hours are over at the moment.'}`,
      zh: `请将此标签放入网站页面：${tag}${open ? '' : ' 当前为非工作时间。'}`,
    },
  }
}
