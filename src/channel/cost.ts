/** What a reply costs where the platform bills: shown before it is sent, and kept with each delivery. Pure. */
import type { SurfaceCapabilities } from './capabilities.ts'
import { linksIn } from './x-length.ts'

/**
 * Price of one call with this text, in the surface's currency. Null: the platform bills nothing here. A domain without
 * `https://` is a link too: the platform that bills for links makes one of it.
 */
export function costOf({ cost }: Pick<SurfaceCapabilities, 'cost'>, text: string): number | null {
  return cost && (linksIn(text).length > 0 ? cost.withLink : cost.perReply)
}
