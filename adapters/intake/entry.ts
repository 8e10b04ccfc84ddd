/** The hotline's form and the store's: what people at the desk write down of a call or a visit. */
import { z } from 'zod'
import type { Entry, EntryForm } from '#channel/entry.ts'
import type { Bilingual } from '#channel/errors.ts'
import type { InboundEvent } from '#channel/events.ts'
import { field } from '#channel/field.ts'
import { normalizeNumber } from './number.ts'
import { parse } from './parse.ts'
import { type Settings, storesIn } from './settings.ts'

const maxFiles = 5
const maxBytes = 20 * 1024 * 1024

const line = (max: number) => z.string().trim().max(max)
const said = (title: Bilingual, help: Bilingual = { en: '', zh: '' }) => field({ title, help })

const number = (country: string) =>
  line(40)
    .refine((value) => value === '' || normalizeNumber(value, country) !== null, { error: 'is no telephone number' })
    .default('')
const name = line(200)
  .default('')
  .meta(said({ en: 'Name', zh: '姓名' }))
const order = line(100)
  .default('')
  .meta(said({ en: 'Order or serial number', zh: '订单号或序列号' }))
const note = (title: Bilingual, help: Bilingual) => {
  const words = z.string().trim().min(1, { error: 'is missing' }).max(20_000)
  return words.meta({ ...said(title, help), format: 'textarea' })
}

export function entryForm(settings: Settings): EntryForm | null {
  if (settings.kind === 'phone') return hotline(settings)
  return settings.kind === 'store' ? walkIn(settings) : null
}

const hotline = ({ country }: Settings): EntryForm => ({
  title: { en: 'Hotline', zh: '热线来电' },
  personField: 'number',
  files: null,
  schema: z.strictObject({
    number: number(country).meta(
      said(
        { en: 'Number', zh: '来电号码' },
        {
          en: 'Leave it empty when it is withheld: then nobody can be called back.',
          zh: '对方隐藏号码时留空，之后将无法回电。',
        },
      ),
    ),
    name,
    order,
    note: note(
      { en: 'Note of the call', zh: '通话记录' },
      { en: 'What the caller wants, in words a colleague can work with.', zh: '记下来电诉求，让同事能直接接手。' },
    ),
  }),
})

const walkIn = ({ country, stores }: Settings): EntryForm => {
  const [first = '', ...rest] = storesIn(stores)
  return {
    title: { en: 'Walk-in', zh: '到店受理' },
    personField: 'number',
    files: { maxBytes, max: maxFiles },
    schema: z.strictObject({
      store: z.enum([first, ...rest]).meta(said({ en: 'Store', zh: '门店' })),
      receivedBy: line(100)
        .default('')
        .meta(said({ en: 'Received by', zh: '接待人' }, { en: 'Left empty: you.', zh: '留空则为您本人。' })),
      number: number(country).meta(
        said(
          { en: 'Customer’s number', zh: '顾客电话' },
          { en: 'Without it the customer cannot be called.', zh: '未填写则无法联系顾客。' },
        ),
      ),
      name,
      items: line(1_000)
        .default('')
        .meta(
          said(
            { en: 'Handed in', zh: '交付物品' },
            {
              en: 'Devices and parts that stay in the store, with their condition.',
              zh: '留店的设备和配件及其外观状况。',
            },
          ),
        ),
      order,
      note: note(
        { en: 'What it is about', zh: '受理内容' },
        { en: 'What the customer wants, and what was agreed.', zh: '顾客诉求，以及已达成的约定。' },
      ),
    }),
  }
}

const labels = {
  'zh-CN': { store: '门店', receivedBy: '接待人', items: '交付物品', order: '订单号或序列号', by: '记录人' },
  en: {
    store: 'Store',
    receivedBy: 'Received by',
    items: 'Handed in',
    order: 'Order or serial number',
    by: 'Written down by',
  },
} as const

const noNumber = {
  en: 'There is no number to call back.',
  zh: '没有可回电的号码。',
}

/** As events: the same post as a program would have made of it. */
export async function enter(
  settings: Settings,
  { id, values, files, by, at }: Entry,
): Promise<readonly InboundEvent[]> {
  const text = (key: string) => (typeof values[key] === 'string' ? values[key] : '')
  const words = labels[settings.language]
  const given = {
    store: text('store'),
    receivedBy: settings.kind === 'store' ? text('receivedBy') || by.name : '',
    items: text('items'),
    order: text('order'),
    by: by.name,
  }
  const fields = Object.entries(given).flatMap(([key, value]) =>
    value === '' || (key === 'by' && given.receivedBy === value) ? [] : [[words[key as keyof typeof words], value]],
  )
  const isKnown = text('number') !== ''
  const posted = await Promise.all(
    files.map(async ({ name: fileName, mimeType, bytes }) => ({
      name: fileName.slice(0, 200) || 'file',
      type: mimeType,
      data: Buffer.from(await bytes()).toString('base64'),
    })),
  )
  const author = { name: text('name'), ...(isKnown ? { number: text('number') } : { id: `withheld:${id}` }) }
  const post = { id: `entry:${id}`, author, text: text('note'), fields: Object.fromEntries(fields), files: posted }
  const payload = { kind: settings.kind, country: settings.country, receivedAt: at.toISOString(), post }
  return parse(payload).map((event) =>
    event.type === 'message' && !isKnown
      ? {
          ...event,
          message: {
            ...event.message,
            author: nameless(event.message.author, text('name')),
            replyable: { allowed: false, reason: noNumber },
          },
        }
      : event,
  )
}

/** Nobody is called by the id we made up. */
const nameless = <A extends { readonly name: string }>(author: A, name: string): A => ({
  ...author,
  name: name || '—',
  isNamed: name !== '',
})
