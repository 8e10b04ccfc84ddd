/** Bytes → payload: XML as WeChat sends it, or JSON. Every value is text. Throws {@link WebhookMalformed}. */
import { XMLParser } from 'fast-xml-parser'
import { WebhookMalformed } from '#channel/errors.ts'
import type { Payload, Value } from './types.ts'

/** A push is two or three levels deep. */
const maxDepth = 20

/**
 * `parseTagValue` would turn a customer's "0123" into 123. Entities are decoded below, and only the ones every XML has:
 * nothing that a document declares is ever expanded. In order, so that text and CDATA keep their places.
 */
const parser = new XMLParser({
  preserveOrder: true,
  parseTagValue: false,
  processEntities: false,
  trimValues: false,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: '#cdata',
  maxNestedTags: maxDepth,
})

export function readDocument(bytes: Uint8Array): Payload {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new WebhookMalformed('no UTF-8')
  }
  try {
    return /^\s*\{/u.test(text) ? fromJson(text) : fromXml(text)
  } catch (error) {
    if (error instanceof WebhookMalformed) throw error
    // The parsers' own messages quote the body.
    throw new WebhookMalformed('neither XML nor JSON')
  }
}

function fromXml(text: string): Payload {
  // Nothing may stand before the root element: no DOCTYPE, so no entities of anybody's making.
  if (!/^\s*(?:<\?xml[^<>]*\?>\s*)?<xml[\s>/]/u.test(text)) throw new WebhookMalformed('no <xml> document')
  const nodes: unknown = parser.parse(text, true)
  const root = childrenOf(nodes).find(({ name }) => name === 'xml')
  const value = root ? contentsOf(root.inner) : ''
  if (typeof value === 'string') throw new WebhookMalformed('an empty <xml> document')
  return value as Payload
}

interface Node {
  readonly name: string
  readonly inner: unknown
}

function childrenOf(nodes: unknown): Node[] {
  if (!Array.isArray(nodes)) return []
  return nodes.flatMap((node: unknown) =>
    typeof node === 'object' && node !== null ? Object.entries(node).map(([name, inner]) => ({ name, inner })) : [],
  )
}

/** Elements inside make an object, one that stands there several times an array; otherwise it is the text. */
function contentsOf(nodes: unknown): Value {
  const children = childrenOf(nodes)
  const elements = children.filter(({ name }) => !name.startsWith('#') && name !== ':@')
  if (elements.length === 0) return children.map(textOf).join('')
  const fields = new Map<string, Value[]>()
  for (const { name, inner } of elements) {
    const values = fields.get(name)
    if (values) values.push(contentsOf(inner))
    else fields.set(name, [contentsOf(inner)])
  }
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0]! : values]))
}

function textOf({ name, inner }: Node): string {
  if (name === '#text') return decoded(String(inner))
  // What stands in CDATA is meant as it is.
  if (name === '#cdata')
    return childrenOf(inner)
      .map((child) => String(child.inner))
      .join('')
  return ''
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decoded(text: string): string {
  return text.replace(/&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9a-f]{1,6}));/giu, (all, name, decimal, hex) => {
    if (name) return entities[String(name).toLowerCase()] ?? all
    const point = decimal ? Number(decimal) : Number.parseInt(String(hex), 16)
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : all
  })
}

type Source = (key: string, value: unknown, context: { readonly source?: string }) => unknown

/** The digits as they were sent: `JSON.parse` alone rounds a MsgId. */
const sourceOfNumbers: Source = (_key, value, { source }) => (typeof value === 'number' ? (source ?? value) : value)

function fromJson(text: string): Payload {
  const parsed: unknown = JSON.parse(text, sourceOfNumbers as (key: string, value: unknown) => unknown)
  return asText(parsed, 0) as Payload
}

function asText(value: unknown, depth: number): Value {
  if (depth > maxDepth) throw new WebhookMalformed('nested too deeply')
  if (Array.isArray(value)) return value.map((item) => asText(item, depth + 1))
  if (typeof value !== 'object' || value === null) return value === null ? '' : String(value)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asText(inner, depth + 1)]))
}
