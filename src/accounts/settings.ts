/** An account's settings: checked by its adapter's schema, sealed as a whole, shown without their secrets. */
import type { Adapter } from '../channel/adapter.ts'
import { unprocessable } from '../problem.ts'
import type { Seal } from '../seal.ts'
import { createRedactor } from './redact.ts'
import { fieldsOf, type JsonSchema, secretPaths } from './settings-schema.ts'

/** Plain JSON. */
export type Settings = Readonly<Record<string, unknown>>

/** What stands in the answer when settings are refused. */
export interface SettingsProblem {
  readonly path: string
  readonly message: string
}

/** Checks, and fills in what has a default. The problems name fields and rules, never a value that is secret. */
export function parseSettings(
  adapter: Adapter<unknown>,
  given: Settings,
): { readonly settings: Settings } | { readonly problems: readonly SettingsProblem[] } {
  const fields = fieldsOf(adapter)
  const unknown = fields === null ? [] : Object.keys(given).filter((name) => !fields.has(name))
  const parsed = adapter.settings.safeParse(given)
  const { redact } = createRedactor(secretValues(adapter, given))
  const problems = [
    ...unknown.map((name) => ({ path: name, message: `There is no such setting.` })),
    ...(parsed.success ? [] : parsed.error.issues).map(({ path, message }) => ({
      path: path.map(String).join('.'),
      message: redact(message),
    })),
  ]
  if (!parsed.success || problems.length > 0) return { problems }
  // As it will be read back from the database.
  return { settings: JSON.parse(JSON.stringify(parsed.data)) }
}

/** The same for settings a person gave: a refusal with every problem in `details.errors`. */
export function checkSettings(adapter: Adapter<unknown>, given: Settings): Settings {
  const result = parseSettings(adapter, given)
  if ('settings' in result) return result.settings
  throw unprocessable('invalid_settings', 'The settings are not complete or not right.', { errors: result.problems })
}

/** What is left out stays, null takes a field away: one with a default is then made anew. */
export function mergeSettings(present: Settings, patch: Settings): Settings {
  const merged = { ...present, ...patch }
  return Object.fromEntries(Object.entries(merged).filter(([name]) => !(name in patch) || patch[name] !== null))
}

/** `--set name=value`: every value is text, and becomes what the field holds. */
export function settingsFromText(adapter: Adapter<unknown>, given: Readonly<Record<string, string>>): Settings {
  const fields = fieldsOf(adapter)
  const entries = Object.entries(given).map(([name, text]) => [name, fromText(text, fields?.get(name) ?? [])])
  return Object.fromEntries(entries)
}

export const sealSettings = (seal: Seal, accountId: string, settings: Settings): Buffer =>
  seal.seal(JSON.stringify(settings), context(accountId))

/** Throws when the secret of the installation is another one now, or the row was tampered with. */
export const openSettings = (seal: Seal, accountId: string, sealed: Uint8Array): Settings =>
  JSON.parse(seal.open(sealed, context(accountId)).toString())

const context = (accountId: string) => `accounts.settings:${accountId}`

/** For redaction. */
export function secretValues(adapter: Adapter<unknown>, settings: Settings): string[] {
  const values: string[] = []
  for (const path of secretPaths(adapter)) {
    atPath(settings, path.split('.'), (holder, name) => collect(holder[name], values))
  }
  return values
}

/** What an administrator sees of them: everything but the secrets, and which of those hold a value. */
export function publicSettings(
  adapter: Adapter<unknown>,
  settings: Settings,
): { readonly settings: Settings; readonly secretsSet: string[] } {
  const shown = structuredClone(settings)
  const secretsSet: string[] = []
  for (const path of secretPaths(adapter)) {
    let isSet = false
    atPath(shown, path.split('.'), (holder, name) => {
      isSet ||= holder[name] !== undefined && holder[name] !== null && holder[name] !== ''
      delete holder[name]
    })
    if (isSet) secretsSet.push(path)
  }
  return { settings: shown, secretsSet }
}

/** Calls `visit` with every holder of a value at the path. */
function atPath(
  value: unknown,
  [name, ...rest]: readonly string[],
  visit: (holder: Record<string, unknown>, name: string) => void,
): void {
  if (typeof value !== 'object' || value === null || name === undefined) return
  const holder = value as Record<string, unknown>
  for (const key of name === '*' ? Object.keys(holder) : Object.hasOwn(holder, name) ? [name] : []) {
    if (rest.length === 0) visit(holder, key)
    else atPath(holder[key], rest, visit)
  }
}

function collect(value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value)
  else if (typeof value === 'number') into.push(String(value))
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) collect(inner, into)
}

function fromText(text: string, schemas: readonly JsonSchema[]): unknown {
  const types = new Set(schemas.flatMap(typesOf))
  if (types.size === 0 || types.has('string')) return text
  if ((types.has('number') || types.has('integer')) && /^-?\d+(\.\d+)?$/u.test(text)) return Number(text)
  if (types.has('boolean') && /^(true|false)$/u.test(text)) return text === 'true'
  if (!types.has('array') && !types.has('object')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text // The check says what it should have been.
  }
}

function typesOf(schema: JsonSchema): string[] {
  const own = [schema.type].flat().filter((type) => typeof type === 'string')
  const values = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const] : []
  const variants = [schema.anyOf, schema.oneOf]
    .flat()
    .filter((variant) => typeof variant === 'object' && variant !== null)
  return [
    ...own,
    ...values.map((value) => typeof value),
    ...variants.flatMap((variant) => typesOf(variant as JsonSchema)),
  ]
}
