/** Payloads → events, one file a case; and what no file holds. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { keyOf } from '../../src/inbound/keys.ts'
import { open, signatureOf } from './crypt.ts'
import { msgIdOf, placeOf } from './ids.ts'
import { parse } from './parse.ts'

const folder = new URL('./fixtures/', import.meta.url)
const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))

test.each(readdirSync(folder))('%s becomes its events', (name) => {
  const { payload, events } = read(name)
  const parsed = JSON.parse(JSON.stringify(parse(payload)))
  expect(parsed).toMatchObject(events)
  expect(parsed).toHaveLength(events.length)
})

test('the published vector of WeCom: signature, sealed word and receiver', () => {
  const sealed = '4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=='
  expect(signatureOf(['123456', '1411443780', '437374425', sealed])).toBe('dd6b9c95b495b3f7e2901bfbc76c664930ffdb96')
  expect(open(sealed, 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR')).toEqual({
    message: '5927782489442352469',
    receiver: 'wx49f0ab532d5d035a',
  })
})

test('what is sealed with another key, cut off or no base64 is not opened', () => {
  const sealed = '4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=='
  expect(open(sealed, 'A'.repeat(43))).toBeNull()
  expect(open(sealed.slice(0, 40), 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR')).toBeNull()
  for (const nothing of ['', '!', 'AAAA', sealed.slice(0, -6)])
    expect(open(nothing, 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR')).toBeNull()
})

const deep = (levels: number): object =>
  levels === 0
    ? { msgtype: 'text', text: { content: 'x' } }
    : { msgtype: 'merged_msg', merged_msg: { title: 't', item: [{ msg_content: JSON.stringify(deep(levels - 1)) }] } }

const item = {
  msgid: 'm',
  open_kfid: 'wk',
  external_userid: 'wm',
  send_time: 1_764_000_000,
  origin: 3,
  msgtype: 'text',
}

test.each([
  ['huge', { ...item, text: { content: 'a'.repeat(1_000_000) } }],
  ['NUL and a lone surrogate', { ...item, text: { content: 'a\u0000\ud800' } }],
  ['HTML', { ...item, text: { content: '<script>alert(1)</script>' } }],
  ['a number for a text', { ...item, text: { content: 7 } }],
  ['an array for a body', { ...item, text: ['x'] }],
  ['a chat in a chat in a chat', { ...item, ...deep(8), msgtype: 'merged_msg' }],
  ['a list that is none', { ...item, msgtype: 'merged_msg', merged_msg: { item: 'x' } }],
  ['many lines', { ...item, msgtype: 'merged_msg', merged_msg: { item: Array.from({ length: 5000 }, () => null) } }],
  ['a menu of nothing', { ...item, msgtype: 'msgmenu', msgmenu: { list: [null, 7, { type: 'click' }] } }],
  ['a kind called like a method', { ...item, msgtype: 'constructor' }],
  ['a kind called __proto__', { ...item, msgtype: '__proto__' }],
  ['times as text', { ...item, send_time: '1764000000', origin: '3', text: { content: 'x' } }],
])('hostile: %s is one message that says something', (_, payload) => {
  const [event, ...more] = parse(payload)
  expect(more).toEqual([])
  if (event?.type !== 'message') throw new Error('no message')
  expect(event.message.text === '' && event.message.media.length === 0).toBe(false)
})

test.each([null, [], 7, '', {}, { msgid: '' }, { ...item, send_time: -1 }, { ...item, msgid: 'a'.repeat(300) }])(
  'hostile: %j is unread, and its key is the same again',
  (payload) => {
    expect(parse(payload).map(({ type }) => type)).toEqual(['unread'])
    expect(parse(payload).map(keyOf)).toEqual(parse(payload).map(keyOf))
  },
)

test('a delivery has one id of 32 characters that WeCom takes', () => {
  const id = msgIdOf('0199f0e2-a7b8-7c2c-8a6e-4f6d2b1c0a99')
  expect(id).toMatch(/^[0-9a-zA-Z_-]{32}$/u)
  expect(Buffer.byteLength(id)).toBeLessThanOrEqual(32)
})

test.each(['', ':', 'wk', 'wk:wm:x', 'wk wm', 'wk:../x', '💥'])('%j is no conversation', (id) =>
  expect(placeOf(id)).toBeNull(),
)
