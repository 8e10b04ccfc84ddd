/** A small shop of invented phones, on a port of its own, with the chat's tag in its page: the site of a customer of ours. */
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { shopPage } from './shop-page.ts'

export interface Shop {
  readonly url: string
  /** The account's door, for the tag. */
  opens(door: string): void
  /** Of somebody signed in at the shop. */
  memberToken(claims: { readonly sub: string; readonly name: string }): string
  close(): Promise<void>
}

export interface ShopOptions {
  /** What it signs its members' tokens with. */
  readonly siteSecret: string
  readonly audience: string
}

const styles = readFileSync(new URL('./shop.css', import.meta.url))
const hour = 3600

export async function startShop({ siteSecret, audience }: ShopOptions): Promise<Shop> {
  let door: string | null = null

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://shop')
    if (url.pathname === '/shop.css') {
      return void response.writeHead(200, { 'content-type': 'text/css; charset=utf-8' }).end(styles)
    }
    if (url.pathname !== '/') return void response.writeHead(404).end()
    const language = url.searchParams.get('lang') === 'en' ? 'en' : 'zh-CN'
    const isMember = url.searchParams.has('member')
    const token = isMember ? memberToken({ sub: 'member-2088', name: language === 'en' ? 'Mei Tan' : '谭小梅' }) : null
    const origin = door === null ? '' : new URL(door).origin
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      // As strict as a shop's policy may be: the tag needs the script and the frame, and nothing inline.
      'content-security-policy': `default-src 'none'; style-src 'self'; img-src data:; script-src ${origin}; frame-src ${origin}`,
    })
    response.end(shopPage({ language, isMember, token, script: door === null ? null : `${door}/widget.js` }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  function memberToken(claims: { readonly sub: string; readonly name: string }): string {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const now = Math.floor(Date.now() / 1000)
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ ...claims, aud: audience, exp: now + 8 * hour })}`
    return `${signed}.${createHmac('sha256', siteSecret).update(signed).digest('base64url')}`
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    memberToken,
    opens(at) {
      door = at
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
