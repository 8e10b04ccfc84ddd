import { readdirSync, readFileSync } from 'node:fs'
import type { ContractSample, ContractSimulator } from '../../test/helpers/contract-sample.ts'
import { readDocument } from './document.ts'
import { startFeedSimulator } from './simulator.ts'

const folder = new URL('./fixtures/', import.meta.url)
const fixtures = readdirSync(folder).map(
  (name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { address: string; document: string },
)
const accessKey = 'contract-key_of-the-feeds_0123456789'

export const sample: ContractSample = {
  settings: { feeds: 'http://127.0.0.1:9/weibo/user/1?key={key}', accessKey },
  forged: [],
  payloads: fixtures.flatMap(({ address, document }) => readDocument(document, { address, url: address }).payloads),
  threads: {},
  simulate,
}

async function simulate(): Promise<ContractSimulator> {
  const simulator = await startFeedSimulator()
  const site = simulator.feed({ path: '/weibo', charset: 'gbk', said: null, key: accessKey, title: '微博' })
  site.post({ html: '以前的帖子', author: '阿柚' })
  return {
    settings: {
      feeds: `${site.url}?key={key}`,
      accessKey,
      pollSeconds: 1,
      // Whoever posts before the first read is not overlooked.
      firstRead: 'latest',
    },
    accepted: () => [],
    fault: () => {
      throw new Error('nothing is sent to a feed')
    },
    faults: [],
    refusals: [],
    tellsWait: true,
    says: (text) => void site.post({ html: text, author: '夜跑的鱼' }),
    customer: (author) => ({ says: (text) => void site.post({ html: text, author }), heard: () => [] }),
    close: simulator.close,
  }
}
