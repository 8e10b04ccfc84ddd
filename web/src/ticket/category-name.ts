/** Categories by their names, with the names of those above. Pure. */
import type { Category } from '../api/wire.ts'

export const nameIn = (category: Pick<Category, 'en' | 'zh'>, language: string) =>
  language === 'en' ? category.en : category.zh

/** `Product fault › Battery`. What nobody knows any more is shown as it was stored. */
export function categoryName(all: readonly Category[], id: string, language: string): string {
  const names: string[] = []
  let at = all.find((one) => one.id === id)
  for (let level = 0; at && level < 10; level += 1) {
    names.unshift(nameIn(at, language))
    const parent = at.parentId
    at = parent === null ? undefined : all.find((one) => one.id === parent)
  }
  return names.length > 0 ? names.join(' › ') : id
}

/** How deep it lies: 0 at the top. */
export function levelOf(all: readonly Category[], category: Category): number {
  const parent = all.find(({ id }) => id === category.parentId)
  return parent ? levelOf(all, parent) + 1 : 0
}

/** Those that are offered, with what stands already. */
export function offered(all: readonly Category[], present: string | null): Category[] {
  return all.filter(({ id, archived }) => !archived || id === present)
}
