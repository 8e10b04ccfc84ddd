import { readFile } from 'node:fs/promises'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const source = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const options: RunOptions = { resultTypes: ['violations'] }

interface Axe {
  run(context: { include: string[] }, options: RunOptions): Promise<AxeResults>
}

/** What hinders people on this page, or within a part of it. Each document is given axe once: loading it costs more than looking. */
export async function axe(page: Page, within = 'html'): Promise<Pick<AxeResults, 'violations'>> {
  for (const frame of page.frames()) {
    if (!(await frame.evaluate(() => 'axe' in globalThis))) await frame.evaluate(source)
    await frame.evaluate(atRest)
  }
  return page.evaluate(
    async ([part, how]) => {
      const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run({ include: [part] }, how)
      return { violations }
    },
    [within, options] as const,
  )
}

/** Half of a fade is no contrast anybody is meant to read. What never ends is not waited for. */
async function atRest(): Promise<void> {
  interface Motion {
    readonly finished: Promise<unknown>
    readonly effect: { getComputedTiming(): { readonly endTime?: unknown } } | null
  }
  const { document } = globalThis as unknown as { document: { getAnimations(): Motion[] } }
  const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
  await Promise.allSettled(ending.map(({ finished }) => finished))
}
