/** The demo's customers: each begins in turn, at a human pace, and answers what the agent answers, until it is settled. */
import { type CrowdOptions, createCustomer, createPace, type Later, whenOver } from '#channel/demo-crowd.ts'
import { type Act, type Part, people } from './crowd/people.ts'
import type { Customer, WeChatSimulator } from './simulator.ts'

export function startCrowd(simulator: WeChatSimulator, options: CrowdOptions): void {
  const later = createPace(options)
  const actors = people.map((part, index) => createActor(part, simulator.customer(openIdOf(index)), later))
  const byId = new Map(actors.map((actor) => [actor.openId, actor]))
  const stop = simulator.onAccepted(({ openId, text }) => byId.get(openId)?.hears(text ?? ''))
  whenOver(options.signal, stop)
  for (const [index, actor] of actors.entries()) later(index * 2, actor.begins)
}

/** 28 characters that begin with an o; the last ones are what the desk shows of a person. */
export const openIdOf = (index: number): string =>
  `oDemo${'0'.repeat(19)}${((index + 41) * 40_503).toString(36).padStart(4, '0').slice(-4)}`

async function perform(customer: Customer, act: Act): Promise<void> {
  if ('says' in act) await customer.says(act.says)
  else if ('picture' in act) await customer.sendsPicture()
  else if ('voice' in act) await customer.sendsVoice(act.voice ?? '')
  else if ('place' in act) await customer.sendsPlace(act.place.latitude, act.place.longitude, act.place.label)
  else if ('link' in act) await customer.sendsLink(act.link.title, act.link.url)
  else if ('sticker' in act) await customer.sendsSticker()
  else if ('video' in act) await customer.sendsVideo()
  else if ('follows' in act) await customer.follows(act.follows)
  else if ('clicks' in act) await customer.clicks(act.clicks)
  else await customer.unfollows()
}

function createActor(part: Part, customer: Customer, later: Later) {
  const { begins, hears } = createCustomer<Act>({
    ...part,
    manner: part,
    later,
    does: (act) => perform(customer, act),
    says: (text) => customer.says(text),
  })
  return { openId: customer.openId, begins, hears }
}
