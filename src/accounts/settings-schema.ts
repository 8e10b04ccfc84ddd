/** A channel's settings as JSON Schema: what draws the form, and says which fields are secret. */
import { z } from 'zod'
import type { Adapter } from '../channel/adapter.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

const schemas = new WeakMap<Adapter<unknown>, JsonSchema>()

/** Draft 2020-12, as one fills it in: fields with a default need not be given. `title`, `help`, `secret` are kept. */
export function settingsSchema(adapter: Adapter<unknown>): JsonSchema {
  const known = schemas.get(adapter)
  if (known) return known
  const schema: JsonSchema = z.toJSONSchema(adapter.settings, {
    io: 'input',
    unrepresentable: 'any',
    override({ jsonSchema }) {
      // A secret's default is made anew each time it is looked at: nobody may take this one for the real one.
      if (jsonSchema.secret === true) delete jsonSchema.default
    },
  })
  schemas.set(adapter, schema)
  return schema
}

/** Where secrets stand: names joined by dots, `*` for every entry of a list or map. */
export function secretPaths(adapter: Adapter<unknown>): readonly string[] {
  const paths = new Set<string>()
  walk(settingsSchema(adapter), (schema, path) => {
    if (schema.secret === true) paths.add(path)
  })
  return [...paths]
}

/** The fields of the outermost object; of every variant, where there are several. Null: any name is allowed. */
export function fieldsOf(adapter: Adapter<unknown>): ReadonlyMap<string, readonly JsonSchema[]> | null {
  const fields = new Map<string, JsonSchema[]>()
  let open = false
  walk(settingsSchema(adapter), (schema, path) => {
    if (path === '' && schema.additionalProperties) open = true
    if (path !== '' && !path.includes('.')) fields.set(path, [...(fields.get(path) ?? []), schema])
  })
  return open ? null : fields
}

/** Every schema below `root`, with where its values stand. Zod writes schemas with an id once, and points to them. */
function walk(root: JsonSchema, visit: (schema: JsonSchema, path: string) => void): void {
  const definitions = isSchema(root.$defs) ? root.$defs : {}
  const step = (given: unknown, path: string, depth: number): void => {
    if (!isSchema(given) || depth > 20) return
    visit(given, path)
    const under = (name: string) => (path === '' ? name : `${path}.${name}`)
    if (typeof given.$ref === 'string') step(definitions[given.$ref.replace('#/$defs/', '')], path, depth + 1)
    for (const variants of [given.anyOf, given.oneOf, given.allOf]) {
      if (Array.isArray(variants)) for (const variant of variants) step(variant, path, depth + 1)
    }
    if (isSchema(given.properties)) {
      for (const [name, property] of Object.entries(given.properties)) step(property, under(name), depth + 1)
    }
    step(given.items, under('*'), depth + 1)
    step(given.additionalProperties, under('*'), depth + 1)
  }
  step(root, '', 0)
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
