/** What speaks by itself in the demo: everything that is sensible, which is how the product is tried. */
import { systemActor } from '../auth/actor.ts'
import { otherParties } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { AutomaticKind, AutomaticSettings } from '../wire-automatic.ts'
import { addParty } from './other-parties.ts'
import { changeAutomatic } from './settings.ts'

const hour = 3_600_000

/** In private only, and not where each reply is billed. Followed up and closed as soon as may be: who tries it waits for it. */
export async function speakInDemo(deps: Deps, accountId: string, channel: string): Promise<void> {
  const direct = deps.channels.get(channel)?.capabilities.surfaces.direct
  if (!direct || direct.byHand || direct.cost) return
  const kinds = Object.fromEntries(AutomaticKind.options.map((kind) => [kind, { on: true }]))
  const settings = AutomaticSettings.parse({ kinds, followUpAfterMs: hour, closeAfterMs: 2 * hour })
  await changeAutomatic(deps, systemActor, accountId, { settings })
}

const parties = [
  {
    kind: 'carrier',
    name: '运营商',
    zh: '您反映的话费、流量和信号问题由运营商处理，请拨打您的运营商客服热线。感谢理解。',
    en: 'Bills, data and coverage are your carrier’s. Please call your carrier’s service number. Thank you.',
  },
  {
    kind: 'shop',
    name: '购买商家',
    zh: '订单、发货和退款由您购买的商家处理，请在下单的平台联系商家客服。',
    en: 'Orders, shipping and refunds are the shop’s. Please ask the shop where you ordered.',
  },
  {
    kind: 'brand',
    name: '其他品牌',
    zh: '您咨询的产品不是我们的品牌，请联系该品牌的官方客服。',
    en: 'That product is not ours. Please ask the official service of its brand.',
  },
] as const

/** Once: a list somebody edited stays as it is. */
export async function furnishDemo(deps: Pick<Deps, 'db' | 'now'>): Promise<void> {
  if ((await deps.db.$count(otherParties)) > 0) return
  for (const party of parties) await addParty(deps, systemActor, { ...party, brandId: null })
}
