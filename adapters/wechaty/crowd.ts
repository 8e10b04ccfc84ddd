/** The demo's customers: each begins in turn, at a human pace, and answers what the agent answers, until it is settled. */
import { type CrowdOptions, createCustomer, createPace, type Later, whenOver } from '#channel/demo-crowd.ts'
import { type Act, group, type Part, people } from './crowd/people.ts'
import { pictureOfScreen } from './crowd/picture.ts'
import type { Customer, WechatyGateway } from './simulator.ts'

export function startCrowd(gateway: WechatyGateway, options: CrowdOptions): void {
  const later = createPace(options)

  const customers = people.map(({ name, weixin }) => gateway.customer({ name, ...(weixin ? { weixin } : {}) }))
  const room = gateway.room(group, customers)
  const actors = people.map((part, index) =>
    createActor(part, index, { gateway, customer: customers[index]!, room, later }),
  )
  const stop = gateway.onAccepted(({ to, roomId, mentions, text }) => {
    for (const actor of actors) if (actor.isMeant(to, roomId, mentions)) actor.hears(text)
  })
  whenOver(options.signal, stop)
  // Whoever holds the phone scans the code first, as after any start.
  gateway.scan('https://login.weixin.qq.com/l/demo')
  later(4, () => {
    gateway.login()
    for (const [index, actor] of actors.entries()) later(1 + index * 2, actor.begins)
  })
}

interface Stage {
  readonly gateway: WechatyGateway
  readonly customer: Customer
  readonly room: string
  readonly later: Later
}

function createActor(part: Part, index: number, { gateway, customer, room, later }: Stage) {
  const where = part.inGroup ? room : undefined
  let lastMessage = ''

  function act(what: Act): void {
    if ('says' in what) lastMessage = customer.says(what.says, where)
    else if ('photo' in what) customer.sends({ name: `IMG_${index}.png`, bytes: pictureOfScreen(index) }, where)
    else if ('file' in what)
      customer.sends({ name: what.file, bytes: Buffer.from(`%PDF-1.4\n% ${what.file}\n%%EOF\n`) }, where)
    else if ('recalls' in what) customer.recalls(lastMessage, where)
    else {
      const location = { accuracy: 15, address: what.place, latitude: 39.9951, longitude: 116.3341, name: what.place }
      gateway.arrives({ talkerId: customer.id, listenerId: gateway.account, type: 8, text: '' }, { location })
    }
  }

  return {
    isMeant: (to: string, roomId: string | null, mentions: readonly string[]) =>
      part.inGroup ? roomId === room && mentions.includes(customer.id) : to === customer.id,
    ...createCustomer<Act>({
      ...part,
      manner: { language: 'zh' },
      later,
      does: act,
      says: (says) => act({ says }),
    }),
  }
}
