import { randomUUID } from 'node:crypto'
import { NoAnswer } from '#channel/errors.ts'
import type { Health, Tools } from '#channel/tools.ts'
import { post } from './send.ts'
import { isByHand, type Settings } from './settings.ts'
import * as texts from './texts.ts'

/** Says hello to the brand's program, signed, so that a wrong secret shows before the first answer does. */
export async function check(settings: Settings, tools: Tools): Promise<Health> {
  if (isByHand(settings)) return { state: 'ok' }
  try {
    const { status } = await post(settings, tools, {
      id: randomUUID(),
      body: JSON.stringify({ type: 'check', data: {} }),
    })
    if (status === 401) return { state: 'refused', text: texts.credentials }
    if (status === 404 || status === 410) return { state: 'warning', text: texts.gone }
    return status < 500 ? { state: 'ok' } : { state: 'warning', text: texts.unclear }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return { state: 'warning', text: texts.away }
  }
}
