/** The demo's customers: each begins in turn, at a human pace, and answers what the agent answers, until it is settled. */
import { type CrowdOptions, createCustomer, createPace, type Later, whenOver } from '#channel/demo-crowd.ts'
import { type Act, type Part, people } from './crowd/people.ts'
import type { Actor, WeComSimulator } from './simulator.ts'

export function startCrowd(simulator: WeComSimulator, options: CrowdOptions): void {
  const later = createPace(options)
  const actors = people.map((part, index) => createActor(part, simulator.customer(customerIdOf(index)), later))
  const byId = new Map(actors.map((actor) => [actor.id, actor]))
  const stop = simulator.onAccepted(({ customer, text }) => byId.get(customer)?.hears(text ?? ''))
  whenOver(options.signal, stop)
  for (const [index, actor] of actors.entries()) later(index * 2, actor.begins)
}

export const customerIdOf = (index: number): string =>
  `wmDemo${'0'.repeat(22)}${((index + 17) * 40_503).toString(36).padStart(4, '0').slice(-4)}`

async function perform(customer: Actor, act: Act): Promise<void> {
  if ('says' in act) await customer.says(act.says)
  else if ('enters' in act) await customer.enters(act.enters)
  else if ('picture' in act) await customer.sendsPicture()
  else if ('voice' in act) await customer.sendsVoice()
  else if ('video' in act) await customer.sendsVideo()
  else if ('file' in act) await customer.sendsFile(act.file.name, Buffer.from(act.file.text))
  else if ('place' in act)
    await customer.sendsPlace(act.place.latitude, act.place.longitude, act.place.name, act.place.address)
  else if ('link' in act) await customer.sendsLink(act.link.title, act.link.url)
  else if ('forwards' in act) await customer.sends('merged_msg', forwarded(act.forwards))
  else if ('presses' in act) await customer.presses('demo', act.presses)
  else await customer.recalls()
}

function forwarded({ title, lines }: Extract<Act, { forwards: unknown }>['forwards']) {
  const item = lines.map(({ who, text }) => ({
    msgtype: 'text',
    sender_name: who,
    msg_content: JSON.stringify({ msgtype: 'text', text: { content: text } }),
  }))
  return { title, item }
}

function createActor(part: Part, customer: Actor, later: Later) {
  customer.isCalled(part.nickname)
  const { begins, hears } = createCustomer<Act>({
    ...part,
    manner: part,
    later,
    does: (act) => perform(customer, act),
    says: (text) => customer.says(text),
  })
  return { id: customer.id, begins, hears }
}
