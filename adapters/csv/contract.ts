import { readdirSync, readFileSync } from 'node:fs'
import type { ContractSample, ContractSimulator } from '../../test/helpers/contract-sample.ts'
import { openFile } from './rows.ts'
import { settings } from './settings.ts'
import { exportFile } from './simulator.ts'

const folder = new URL('./fixtures/', import.meta.url)
const files = readdirSync(folder).map((name) =>
  Buffer.from(JSON.parse(readFileSync(new URL(name, folder), 'utf8')).file as string),
)
const given = { platform: '小红书' }
const at = new Date('2026-11-25T08:00:00Z')

/** What becomes of the files' good rows. */
const payloads = files.flatMap((bytes) => {
  const file = openFile(bytes, settings.parse(given))
  return [...file.rows(file.guess, at)].flatMap((row) => ('event' in row ? [row.event.message.raw] : []))
})

export const sample: ContractSample = {
  settings: given,
  forged: [],
  payloads,
  threads: {},
  files,
  simulate,
}

async function simulate(): Promise<ContractSimulator> {
  return {
    settings: given,
    accepted: () => [],
    fault: () => {
      throw new Error('nothing is sent to a file')
    },
    faults: [],
    refusals: [],
    tellsWait: true,
    says: (text) => ({
      name: '评论导出.csv',
      bytes: exportFile([{ author: '小熊软糖', text, sentAt: new Date(), postId: 'note-1' }]),
    }),
    customer: (author) => ({
      says: (text) => ({
        name: '评论导出.csv',
        bytes: exportFile([{ author, text, sentAt: new Date(), postId: `note-${author}` }]),
      }),
      heard: () => [],
    }),
    close: async () => {},
  }
}
