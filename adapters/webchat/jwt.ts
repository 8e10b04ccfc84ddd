/** JSON Web Tokens as a site signs them: HS256 and nothing else. https://www.rfc-editor.org/rfc/rfc7519 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { WebhookRejected } from '#channel/errors.ts'

const Header = z.strictObject({
  alg: z.literal('HS256'),
  typ: z.string().max(20).optional(),
  kid: z.string().optional(),
})

const Claims = z.object({
  // It becomes an id: nothing a database cannot hold.
  sub: z.string().regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
  nbf: z.number().optional(),
  name: z.string().max(200).optional(),
})
export type Claims = z.infer<typeof Claims>

/** Clocks differ. */
const leewayMs = 30_000
/** RFC 7519 sets no limit; a visitor's token of ours has three short parts. */
const longest = 4096

/** Throws {@link WebhookRejected} for whatever the site did not sign, for us, for now. An empty secret fits nobody. */
export function verifyJwt(token: string, wanted: { secret: string; audience: string; now: Date }): Claims {
  const { secret, audience, now } = wanted
  const parts = token.length <= longest ? token.split('.') : []
  if (secret === '' || parts.length !== 3) throw refused()
  const [head, body, given] = parts as [string, string, string]
  const right = createHmac('sha256', secret).update(`${head}.${body}`).digest()
  const signature = fromBase64(given)
  if (signature?.length !== right.length || !timingSafeEqual(signature, right)) throw refused()
  if (!Header.safeParse(jsonIn(head)).success) throw refused()
  const claims = Claims.safeParse(jsonIn(body))
  if (!claims.success) throw refused()
  const { aud, exp, nbf } = claims.data
  if (![aud].flat().includes(audience)) throw refused()
  const at = now.getTime()
  if (at >= exp * 1000 + leewayMs || (nbf !== undefined && at < nbf * 1000 - leewayMs)) throw refused()
  return claims.data
}

export const refused = () => new WebhookRejected('The visitor’s token is missing or wrong.')

/** Only the one right way of writing it. */
function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : null
}

function jsonIn(part: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64(part) ?? Buffer.alloc(0)))
  } catch {
    return null
  }
}
