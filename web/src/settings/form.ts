/** Draws a channel's settings from its JSON Schema, and reads what was filled in back into values. Pure. */

export interface FormField {
  readonly name: string
  readonly title: string
  readonly help: string
  readonly kind: 'text' | 'area' | 'url' | 'secret' | 'number' | 'switch' | 'choice' | 'json'
  readonly choices: readonly string[]
  readonly isRequired: boolean
  /** What stands when the field is left empty; null where there is nothing, or where one is made. */
  readonly fallback: string | null
  readonly pattern: string | null
  readonly isWhole: boolean
}

export type FormValues = Readonly<Record<string, string>>
type Schema = Readonly<Record<string, unknown>>

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function fieldsOf(schema: Schema, language: string): FormField[] {
  const properties = new Map<string, Schema>()
  const required = new Set<string>()
  collect(schema, isSchema(schema.$defs) ? schema.$defs : {}, properties, required, true)
  return [...properties].map(([name, property]) => readField(name, property, required.has(name), language))
}

/** The outermost object's fields; of all variants where there are several, then none of theirs is required by itself. */
function collect(
  schema: Schema,
  definitions: Schema,
  into: Map<string, Schema>,
  required: Set<string>,
  isSure: boolean,
): void {
  const reference = typeof schema.$ref === 'string' ? definitions[schema.$ref.replace('#/$defs/', '')] : undefined
  if (isSchema(reference)) collect(reference, definitions, into, required, isSure)
  if (isSchema(schema.properties)) {
    for (const [name, property] of Object.entries(schema.properties)) {
      if (isSchema(property) && !into.has(name)) into.set(name, property)
    }
  }
  if (isSure && Array.isArray(schema.required)) for (const name of schema.required) required.add(String(name))
  for (const [variants, stays] of [
    [schema.allOf, isSure],
    [schema.anyOf, false],
    [schema.oneOf, false],
  ] as const) {
    if (Array.isArray(variants))
      for (const variant of variants) if (isSchema(variant)) collect(variant, definitions, into, required, stays)
  }
}

function readField(name: string, property: Schema, isRequired: boolean, language: string): FormField {
  // `nullable()` and the like: the first variant that says a type.
  const variants = [property.anyOf, property.oneOf].find(Array.isArray) as unknown[] | undefined
  const typed =
    property.type === undefined ? variants?.find((variant) => isSchema(variant) && variant.type !== 'null') : undefined
  const schema: Schema = isSchema(typed) ? { ...typed, ...property } : property
  const choices = Array.isArray(schema.enum)
    ? schema.enum.map(String)
    : schema.const !== undefined
      ? [String(schema.const)]
      : []
  const isSecret = schema.secret === true
  return {
    name,
    title: words(schema.title, language) || name,
    help: words(schema.help, language),
    kind: isSecret ? 'secret' : kindOf(schema, choices),
    choices,
    isRequired,
    fallback: isSecret || schema.default === undefined ? null : asText(schema.default),
    pattern: typeof schema.pattern === 'string' ? schema.pattern : null,
    isWhole: schema.type === 'integer',
  }
}

function kindOf(schema: Schema, choices: readonly string[]): FormField['kind'] {
  if (choices.length > 0) return 'choice'
  if (schema.type === 'boolean') return 'switch'
  if (schema.type === 'number' || schema.type === 'integer') return 'number'
  if (schema.type === 'string') {
    if (schema.format === 'textarea') return 'area'
    return schema.format === 'uri' ? 'url' : 'text'
  }
  return 'json'
}

function words(value: unknown, language: string): string {
  if (typeof value === 'string') return value
  if (!isSchema(value)) return ''
  const text = language === 'en' ? value.en : value.zh
  return typeof text === 'string' ? text : ''
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What the form shows at first: present values, then defaults; a secret's never. */
export function initialValues(fields: readonly FormField[], settings: Readonly<Record<string, unknown>>): FormValues {
  return Object.fromEntries(
    fields.map(({ name, kind, fallback, choices, isRequired }) => {
      if (kind === 'secret') return [name, '']
      const present = settings[name]
      if (present !== undefined && present !== null) return [name, asText(present)]
      return [name, fallback ?? (kind === 'choice' && isRequired ? choices[0]! : kind === 'switch' ? 'false' : '')]
    }),
  )
}

export type FieldProblem = 'required' | 'invalidNumber' | 'invalidJson' | 'invalid'
export type Read =
  | { readonly settings: Record<string, unknown> }
  | { readonly problems: Readonly<Record<string, FieldProblem>> }

/**
 * The settings to send. Of a new account, what is empty is left out and gets its default. Of an existing one, `present`,
 * only what changed is sent: an empty secret stays as it is, anything else that was emptied is taken away (null).
 */
export function readValues(
  fields: readonly FormField[],
  values: FormValues,
  present: { readonly settings: Readonly<Record<string, unknown>>; readonly secretsSet: readonly string[] } | null,
): Read {
  const settings: Record<string, unknown> = {}
  const problems: Record<string, FieldProblem> = {}
  for (const field of fields) {
    const text = (values[field.name] ?? '').trim()
    if (text === '') {
      const hasSecret = field.kind === 'secret' && present?.secretsSet.includes(field.name)
      if (field.isRequired && !hasSecret) problems[field.name] = 'required'
      else if (present && field.kind !== 'secret' && present.settings[field.name] !== undefined)
        settings[field.name] = null
      continue
    }
    const value = parse(field, text)
    if (value === undefined)
      problems[field.name] =
        field.kind === 'number' ? 'invalidNumber' : field.kind === 'json' ? 'invalidJson' : 'invalid'
    else if (!present || field.kind === 'secret' || asText(present.settings[field.name] ?? null) !== asText(value))
      settings[field.name] = value
  }
  return Object.keys(problems).length > 0 ? { problems } : { settings }
}

/** Undefined when the text is no such value. */
function parse({ kind, pattern, isWhole }: FormField, text: string): unknown {
  switch (kind) {
    case 'number': {
      const number = Number(text)
      return Number.isFinite(number) && (!isWhole || Number.isInteger(number)) ? number : undefined
    }
    case 'switch':
      return text === 'true'
    case 'json':
      try {
        return JSON.parse(text)
      } catch {
        return undefined
      }
    default:
      return matches(pattern, text) ? text : undefined
  }
}

function matches(pattern: string | null, text: string): boolean {
  if (pattern === null) return true
  try {
    return new RegExp(pattern, 'u').test(text)
  } catch {
    // A pattern this browser cannot read: the server checks it.
    return true
  }
}

/** The server's own complaints, by the name of the field. */
export function refusedFields(errors: unknown): Record<string, string> {
  const found: Record<string, string> = {}
  for (const error of Array.isArray(errors) ? errors : []) {
    const { path, message } = (error ?? {}) as { path?: unknown; message?: unknown }
    if (typeof path === 'string' && typeof message === 'string') found[path.split('.')[0]!] = message
  }
  return found
}
