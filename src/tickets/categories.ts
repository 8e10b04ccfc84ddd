/** The tree of what tickets are about. Nothing is deleted: what is archived is not offered, and tickets keep it. */
import { asc, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { categories } from '../db/schema.ts'
import { notFound, unprocessable } from '../problem.ts'
import type { Category, CategoryPatch, NewCategory } from '../wire-categories.ts'

type Row = typeof categories.$inferSelect

/** Deeper than this nobody files anything. */
const mostLevels = 4
const mostOfAll = 500
const LOCK = 4_853_010

/** Every category, each behind its parent. `counted`: with how many tickets have it. */
export async function listCategories(db: Db | Tx, counted = false): Promise<Category[]> {
  const rows = inOrder(await db.select().from(categories).orderBy(asc(categories.position), asc(categories.createdAt)))
  const counts = counted ? await countTickets(db) : null
  return rows.map(({ id, parentId, en, zh, archivedAt }) => ({
    id,
    parentId,
    en,
    zh,
    archived: archivedAt !== null,
    tickets: counts && (counts.get(id) ?? 0),
  }))
}

async function countTickets(db: Db | Tx): Promise<Map<string, number>> {
  const rows = await db.execute<{ id: string; count: number }>(sql`
    select c.id, (select count(*)::int from (select from tickets where category = c.id limit 1000) t) as count
    from categories c`)
  return new Map(rows.map(({ id, count }) => [id, count]))
}

/** Throws 422 `category_unknown` for a parent that is not there, `too_deep`, `too_many`. */
export async function addCategory(db: Db, actor: Actor, wanted: NewCategory): Promise<Category[]> {
  return change(db, async (tx, all) => {
    if (all.length >= mostOfAll) throw unprocessable('too_many', 'There are too many categories.', { most: mostOfAll })
    const parentId = wanted.parentId
    if (parentId !== null) requireOne(all, parentId, () => unknown())
    if (levelOf(all, parentId) + 1 > mostLevels) throw tooDeep()
    const id = newId()
    const position = childrenOf(all, parentId).length
    const row = { id, parentId, en: cleanText(wanted.en), zh: cleanText(wanted.zh), position }
    await tx.insert(categories).values(row)
    await writeAudit(tx, actor, 'category.added', `category:${id}`, { parentId })
  })
}

/** Throws 404; 422 `category_unknown`, `too_deep`, and `category_loop` for one that would lie below itself. */
export async function changeCategory(db: Db, actor: Actor, id: string, patch: CategoryPatch): Promise<Category[]> {
  return change(db, async (tx, all) => {
    const row = requireOne(all, id, () => notFound('category'))
    const parentId = patch.parentId === undefined ? row.parentId : patch.parentId
    if (parentId !== row.parentId) checkMove(all, row, parentId)
    if (patch.en !== undefined || patch.zh !== undefined) {
      const names = { en: cleanText(patch.en ?? row.en), zh: cleanText(patch.zh ?? row.zh) }
      await tx.update(categories).set(names).where(sql`${categories.id} = ${id}`)
    }
    if (parentId !== row.parentId || patch.position !== undefined) await place(tx, all, row, parentId, patch.position)
    if (patch.archived !== undefined && patch.archived !== (row.archivedAt !== null)) {
      const line = patch.archived ? [row, ...below(all, id)] : lineOf(all, id)
      await tx
        .update(categories)
        .set({ archivedAt: patch.archived ? new Date() : null })
        .where(sql`${categories.id} in ${line.map((one) => one.id)}`)
    }
    await writeAudit(tx, actor, 'category.changed', `category:${id}`, { ...patch })
  })
}

/** One administrator at a time: a tree is only right as a whole. */
async function change(db: Db, act: (tx: Tx, all: readonly Row[]) => Promise<void>): Promise<Category[]> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCK})`)
    await act(tx, await tx.select().from(categories).orderBy(asc(categories.position), asc(categories.createdAt)))
    return listCategories(tx, true)
  })
}

function checkMove(all: readonly Row[], row: Row, parentId: string | null): void {
  if (parentId === null) return
  requireOne(all, parentId, () => unknown())
  if (parentId === row.id || below(all, row.id).some(({ id }) => id === parentId)) {
    throw unprocessable('category_loop', 'A category cannot lie below itself.')
  }
  const height = Math.max(...[row, ...below(all, row.id)].map(({ id }) => levelOf(all, id))) - levelOf(all, row.id) + 1
  if (levelOf(all, parentId) + height > mostLevels) throw tooDeep()
}

/** Left out: the last of its neighbours. The neighbours are numbered anew. */
async function place(tx: Tx, all: readonly Row[], row: Row, parentId: string | null, position?: number): Promise<void> {
  const neighbours = childrenOf(all, parentId).filter(({ id }) => id !== row.id)
  neighbours.splice(Math.min(position ?? neighbours.length, neighbours.length), 0, row)
  for (const [index, { id }] of neighbours.entries()) {
    await tx.update(categories).set({ parentId, position: index }).where(sql`${categories.id} = ${id}`)
  }
}

const childrenOf = (all: readonly Row[], parentId: string | null) => all.filter((row) => row.parentId === parentId)

/** Every category below one, near ones first. */
function below(all: readonly Row[], id: string): Row[] {
  const children = childrenOf(all, id)
  return [...children, ...children.flatMap((child) => below(all, child.id))]
}

/** It and all above it. */
function lineOf<T extends { readonly id: string; readonly parentId: string | null }>(
  all: readonly T[],
  id: string,
): T[] {
  const row = all.find((one) => one.id === id)
  return row ? [row, ...(row.parentId === null ? [] : lineOf(all, row.parentId))] : []
}

const levelOf = (all: readonly Row[], id: string | null) => (id === null ? 0 : lineOf(all, id).length)

function inOrder(rows: readonly Row[], parentId: string | null = null): Row[] {
  return childrenOf(rows, parentId).flatMap((row) => [row, ...inOrder(rows, row.id)])
}

function requireOne(all: readonly Row[], id: string, refusal: () => Error): Row {
  const row = all.find((one) => one.id === id)
  if (!row) throw refusal()
  return row
}

const unknown = () => unprocessable('category_unknown', 'There is no such category, or it is archived.')
const tooDeep = () => unprocessable('too_deep', 'Categories can lie four levels deep.', { most: mostLevels })

/** The category to give a ticket. Throws 422 `category_unknown` for one that is not offered. */
export async function categoryOf(tx: Tx, wanted: string): Promise<string> {
  const id = cleanText(wanted)
  const [row] = await tx.execute(sql`select from categories where id = ${id} and archived_at is null`)
  if (!row) throw unknown()
  return id
}

/** These and all below them, as a subquery with the column `id`. */
export const withBelow = (ids: readonly string[]) => sql`
  with recursive tree (id) as (
    select unnest(${`{${ids.map((id) => JSON.stringify(id)).join(',')}}`}::text[])
    union select c.id from categories c join tree on c.parent_id = tree.id
  ) select id from tree`

export { lineOf }
