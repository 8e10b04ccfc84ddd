/** What a visitor's browser loads: little, its own, and nothing that runs from a text. */
import { readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { widgetAssets } from './assets.ts'
import { languageOf, page } from './page.ts'
import { settings } from './settings.ts'

const made = settings.parse({ sites: 'https://shop.example https://*.shop.example', title: '<b>"客服"</b>' })
const { files, version } = widgetAssets()

test('all of it together is under 30 KB as it goes over the line', async () => {
  const html = gzipSync(await page(made, 'Care', 'zh-CN').text()).length
  const total = [...files.values()].reduce((sum, { gzip }) => sum + gzip.length, html)
  console.log(`the widget: ${total} bytes in ${files.size + 1} files, compressed`)
  expect(total).toBeLessThan(30 * 1024)
})

test('is every file of the folder, as JavaScript a browser takes', () => {
  const folder = readdirSync(new URL('./widget/', import.meta.url)).filter((name) => /\.(?:ts|css)$/u.test(name))
  expect([...files.keys()].toSorted()).toEqual(folder.toSorted())
  for (const [name, { body, type }] of files) {
    expect(type).toMatch(name.endsWith('.css') ? /^text\/css/u : /^text\/javascript/u)
    // Types only: their imports are gone.
    expect(body.toString()).not.toMatch(/wire\.ts|import type/u)
  }
})

test('asks no other origin, and makes nothing of a text but text', () => {
  for (const [name, { body }] of files) {
    const code = body.toString()
    expect(code, name).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|srcdoc/u,
    )
    const addresses = code.match(/https?:\/\/[a-z0-9.]+/giu) ?? []
    expect(addresses.filter((address) => address !== 'http://www.w3.org')).toEqual([])
  }
})

describe('the page', () => {
  test('has nothing inline, says who may embed it, and escapes what an administrator wrote', async () => {
    const answer = page(made, 'Care', 'en')
    const html = await answer.text()
    expect(html).toContain('<html lang="en">')
    expect(html).toContain('<title>&lt;b&gt;&quot;客服&quot;&lt;/b&gt;</title>')
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\son[a-z]+=|\sstyle=/u)
    expect(html).toContain(`assets/${version}/main.ts`)
    const policy = answer.headers.get('content-security-policy')
    expect(policy).toContain('frame-ancestors https://shop.example https://*.shop.example')
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).not.toContain('unsafe')
  })

  test.each([
    ['?lang=en', 'zh-CN', 'en'],
    ['?lang=zh-TW', 'en', 'zh-CN'],
    ['', 'en-GB,en;q=0.9', 'en'],
    ['', 'zh-CN,zh;q=0.9', 'zh-CN'],
    ['?lang=fr', 'zh-CN', 'en'],
    ['', '', 'zh-CN'],
  ])('%s for a browser of %s is in %s', (query, accepts, language) => {
    const headers = accepts === '' ? {} : { 'accept-language': accepts }
    expect(languageOf(new Request(`https://care.example/webhooks/1/chat${query}`, { headers }))).toBe(language)
  })
})
