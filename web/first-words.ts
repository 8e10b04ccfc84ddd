/**
 * The words of the desk, divided when it is built: those that the modules speak which are loaded before the queue is there,
 * and all the others. Nobody keeps a list: a module that is imported statically is found here by its imports, and a word by
 * its key, which stands in the code as text (`'queue.end'`), or by the text it begins with (`view.${name}`).
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Tree {
  readonly [key: string]: string | Tree
}

const imports = /^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'/gmu

/** The modules that come with this one, itself too. */
export function modulesOf(entry: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(entry) || !/\.tsx?$/u.test(entry)) return found
  found.add(entry)
  for (const [, path] of readFileSync(entry, 'utf8').matchAll(imports)) modulesOf(join(dirname(entry), path!), found)
  return found
}

/** Whether a word is spoken by one of these modules. */
export function spokenBy(modules: Iterable<string>, words: Tree): (key: string) => boolean {
  const mention = new RegExp(`['"\`]((?:${Object.keys(words).join('|')})\\.[\\w.]*)(\\$\\{)?`, 'gu')
  const whole = new Set<string>()
  const beginnings = new Set<string>()
  for (const module of modules) {
    for (const [, key, goesOn] of readFileSync(module, 'utf8').matchAll(mention))
      (goesOn ? beginnings : whole).add(key!)
  }
  return (key) =>
    whole.has(key) ||
    whole.has(key.replace(/_(?:one|other)$/u, '')) ||
    [...beginnings].some((beginning) => key.startsWith(beginning))
}

/** The words for which `wanted` holds, in the shape they had. */
export function onlyWords(words: Tree, wanted: (key: string) => boolean, path = ''): Tree {
  const chosen: Record<string, string | Tree> = {}
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') {
      if (wanted(path + key)) chosen[key] = value
      continue
    }
    const inner = onlyWords(value, wanted, `${path}${key}.`)
    if (Object.keys(inner).length > 0) chosen[key] = inner
  }
  return chosen
}
