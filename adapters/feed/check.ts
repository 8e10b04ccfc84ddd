import { NoAnswer, ReadError } from '#channel/errors.ts'
import type { Health, Tools } from '#channel/tools.ts'
import { ask } from './ask.ts'
import { explain, readAnswer } from './poll.ts'
import { addressesIn, type Settings } from './settings.ts'
import { nameOf, texts } from './texts.ts'

/** Polls notice by themselves what is wrong. */
export const checkEveryMs = 24 * 3_600_000
const atOnce = 5

/** Asks every feed once, and says what the first one that cannot be read answers. */
export async function check(settings: Settings, tools: Tools, timeoutMs = 8_000): Promise<Health> {
  const found: (Health | null)[] = []
  const addresses = [...addressesIn(settings.feeds)]
  const signal = AbortSignal.timeout(timeoutMs)
  const worker = async () => {
    for (let address = addresses.shift(); address !== undefined; address = addresses.shift()) {
      // Those there is no time left for are told of by their polls.
      if (found.length > 0 && signal.aborted) return
      found.push(await look(settings, tools, address, { timeoutMs, signal }))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  const names = found.flatMap((one) => one?.name ?? [])
  const name = names.length === 0 ? {} : { name: `${names.slice(0, 3).join('、')}${names.length > 3 ? ' …' : ''}` }
  const wrong = found.find((one) => one?.state === 'warning')
  return wrong ? { ...wrong, ...name } : { state: 'ok', ...name }
}

async function look(
  settings: Settings,
  tools: Tools,
  address: string,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Health> {
  try {
    const answer = await ask(settings, tools, { address, moved: null, etag: null, modified: null, ...limits })
    if (answer.kind === 'over') return { state: 'warning', text: texts.over(nameOf(address)) }
    return { state: 'ok', name: readAnswer(answer, address).title }
  } catch (error) {
    // RSSHub may take longer than a check can wait: what a poll waits for is the poll's to tell.
    if (error instanceof NoAnswer && (error.reason === 'timeout' || error.reason === 'aborted')) return { state: 'ok' }
    const explained = explain(error, address, tools.now())
    if (explained instanceof ReadError) return { state: 'warning', text: explained.text }
    throw explained
  }
}
