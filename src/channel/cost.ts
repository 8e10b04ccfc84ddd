/** What a reply costs where the platform bills: shown before it is sent, and kept with each delivery. Pure. */
import type { SurfaceCapabilities } from './capabilities.ts'

/** Price of one call with this text, in the surface's currency. Null: the platform bills nothing here. */
export function costOf({ cost }: Pick<SurfaceCapabilities, 'cost'>, text: string): number | null {
  return cost && (holdsLink(text) ? cost.withLink : cost.perReply)
}

/** Labels and a top-level domain, with nothing around it that makes it a part of something else (`a@b.com`, `/a.com`). */
const bareDomain =
  /(?<![\w@＠#＃$./-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|net|org|edu|gov|int|info|biz|name|pro|app|dev|shop|store|online|site|xyz|top|vip|club|tech|cloud|link|live|news|blog|wiki|work|world|today|group|ltd|fun|video|[a-z]{2})(?![\w@+-])/iu

/** Is there anything a platform makes a link of, also without `https://`? */
export function holdsLink(text: string): boolean {
  return /https?:\/\/[^\s/]/iu.test(text) || bareDomain.test(text)
}
