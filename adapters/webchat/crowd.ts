/** The demo's visitors: each has a trouble, in Chinese or English, and goes on when an agent answers. */
import { setTimeout as pause } from 'node:timers/promises'
import { createReactions } from '#channel/demo.ts'
import { type Act, type Part, people } from './crowd/people.ts'
import { drawPicture } from './crowd/picture.ts'
import { createVisitor, type Visitor } from './simulator.ts'

export interface CrowdOptions {
  readonly door: string
  /** A token of the site for this person; null: unknown. */
  readonly tokenOf: (part: Part) => string | null
  readonly signal: AbortSignal
  /** About the time between two things that happen. */
  readonly paceMs: number
}

/** Resolves when the signal has ended it. */
export async function startCrowd({ door, tokenOf, signal, paceMs }: CrowdOptions): Promise<void> {
  // People are not metronomes.
  const wait = (paces: number) => pause(paces * paceMs * (0.6 + Math.random() * 0.8), undefined, { signal })

  const over = (error: unknown) => {
    if (!signal.aborted) throw error
  }

  async function live(part: Part, index: number): Promise<void> {
    await wait(index * 3)
    const token = tokenOf(part)
    const visitor = await createVisitor({ door, language: part.language, signal, ...(token ? { token } : {}) })
    let heard = 0
    let wake = () => {}
    const react = createReactions({ language: part.language === 'en' ? 'en' : 'zh' })
    visitor.onAgent(({ text }) => {
      const reaction = react(text)
      if (!reaction) {
        heard += 1
        return wake()
      }
      const { says } = reaction
      if (says !== null)
        void wait(2)
          .then(() => visitor.says(says))
          .catch(over)
    })
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    await perform(visitor, part.opening)
    for (const acts of part.answers) {
      const before = heard
      await Promise.race([
        ended,
        new Promise<void>((resolve) => {
          wake = () => heard > before && resolve()
        }),
      ])
      // An answer in several parts is one answer.
      await wait(2)
      await perform(visitor, acts)
    }
    await ended
    await visitor.close()
  }

  async function perform(visitor: Visitor, acts: readonly Act[]): Promise<void> {
    for (const act of acts) {
      await visitor.types()
      await wait(1)
      if ('says' in act) await visitor.says(act.says)
      else await visitor.sends(drawPicture(act.picture), `IMG_${1000 + act.picture}.png`)
    }
  }

  await Promise.all(people.map((part, index) => live(part, index).catch(over)))
}
