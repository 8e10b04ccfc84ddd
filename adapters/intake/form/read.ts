/** What a visitor filled in: read, checked, and made a post of. Pure but for the bytes of the files. */
import { z } from 'zod'
import { normalizeNumber } from '../number.ts'
import type { Settings } from '../settings.ts'
import type { Payload } from '../types.ts'
import { fileTypeOf } from './file-type.ts'
import type { ErrorCode, Words } from './texts.ts'

const fields = ['name', 'phone', 'email', 'order', 'text'] as const
export type FieldName = (typeof fields)[number]
export type Values = Readonly<Record<FieldName, string>>
export const noValues: Values = { name: '', phone: '', email: '', order: '', text: '' }

const maxFiles = 5
const maxBytes = 8_000_000
const isEmail = (value: string) => z.email().safeParse(value).success

export interface Filled {
  readonly values: Values
  readonly token: string
  /** A person does not see the field that holds this. */
  readonly honey: string
  readonly files: readonly File[]
  /** There is a field that the page does not have, or one is there twice. */
  readonly isChanged: boolean
}

const known = new Set<string>([...fields, 'token', 'website', 'files'])

export function readForm(data: FormData): Filled {
  const text = (name: string) => {
    const value = data.get(name)
    return typeof value === 'string' ? value.replaceAll('\r\n', '\n').trim() : ''
  }
  const names = [...data.keys()]
  const files = data.getAll('files').filter((one): one is File => typeof one !== 'string' && one.size > 0)
  const once = names.filter((name) => name !== 'files')
  return {
    values: {
      name: text('name'),
      phone: text('phone'),
      email: text('email'),
      order: text('order'),
      text: text('text'),
    },
    token: text('token'),
    honey: text('website'),
    files,
    isChanged: names.some((name) => !known.has(name)) || new Set(once).size < once.length,
  }
}

export type Problems = Partial<Record<FieldName | 'files' | 'form', ErrorCode>>

export async function problemsOf({ values, files, isChanged }: Filled, country: string): Promise<Problems> {
  const { name, phone, email, order, text } = values
  const problems: Problems = {}
  if (isChanged) problems.form = 'changed'
  if (name.length > 100) problems.name = 'long'
  if (order.length > 100) problems.order = 'long'
  if (text === '') problems.text = 'text'
  else if (text.length > 5_000) problems.text = 'textLong'
  if (phone === '' && email === '') problems.phone = 'contact'
  else if (phone !== '' && (phone.length > 40 || normalizeNumber(phone, country) === null)) problems.phone = 'phone'
  if (email !== '' && (email.length > 254 || !isEmail(email))) problems.email = 'email'
  const size = files.reduce((sum, file) => sum + file.size, 0)
  if (files.length > maxFiles || size > maxBytes) problems.files = 'files'
  else if (!(await Promise.all(files.map(typeOf))).every((type) => type !== null)) problems.files = 'fileType'
  return problems
}

const typeOf = async (file: File) => fileTypeOf(new Uint8Array(await file.slice(0, 32).arrayBuffer()))

/** Of a form without problems. */
export async function payloadOf(
  { values, files }: Filled,
  id: string,
  { country }: Settings,
  words: Words,
  receivedAt: Date,
): Promise<Payload> {
  const { name, phone, email, order, text } = values
  const author = { name, ...(phone === '' ? {} : { number: phone }), ...(email === '' ? {} : { email }) }
  const more = {
    ...(order === '' ? {} : { [words.order]: order }),
    ...(phone && email ? { [words.email]: email } : {}),
  }
  const posted = await Promise.all(
    files.map(async (file) => ({
      name: file.name.trim().slice(0, 200) || 'file',
      type: (await typeOf(file)) ?? 'application/octet-stream',
      data: Buffer.from(await file.arrayBuffer()).toString('base64'),
    })),
  )
  const post = { id: `form:${id}`, author, text, fields: more, files: posted }
  return { kind: 'form', country, receivedAt: receivedAt.toISOString(), post }
}
