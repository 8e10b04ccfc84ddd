/** Files with comments and posts, for platforms that let nobody read them. Nothing can be answered through a file. */
import { type Account, type Connection, defineAdapter } from '#channel/adapter.ts'
import { capabilities } from './capabilities.ts'
import { fields } from './columns.ts'
import { parse } from './parse.ts'
import { maxRows, openFile } from './rows.ts'
import { send } from './send.ts'
import { type Settings, settings } from './settings.ts'

export const csv = defineAdapter<Settings>({
  channel: 'csv',
  title: { en: 'File import (CSV)', zh: '文件导入（CSV）' },
  icon: { path: 'M6 2h8l5 5v15H6zM13 3.5V8h4.500zM8.500 11v1.500h8V11zM8.500 14v1.500h8V14zM8.500 17v1.500h5V17z' },
  capabilities,
  settings,
  // There is nothing to be asked.
  checkEveryMs: null,
  imports: { extensions: ['.csv', '.tsv', '.txt'], maxBytes: 32 * 1024 * 1024, maxRows, fields },
  platform: ({ platform }) => platform,
  connect,
})

function connect({ settings }: Account<Settings>): Connection {
  return {
    openFile: ({ bytes }) => openFile(bytes, settings),
    reread: parse,
    send: () => send(settings.platform),
    check: async () => ({ state: 'ok', name: settings.platform }),
  }
}
