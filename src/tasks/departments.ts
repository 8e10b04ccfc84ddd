/** Departments: who does what the care team cannot, and who is in them. */
import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { type Actor, inScope, mayActAs } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { requireBrands } from '../auth/brands.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { authUser, departmentMembers, departments, tasks } from '../db/schema.ts'
import { notFound, Refused, unprocessable } from '../problem.ts'
import type { Department, DepartmentPatch, NewDepartment } from '../wire.ts'

type Row = typeof departments.$inferSelect

/** More than this nobody finds their way in. */
const most = 200

const ofSeenBrand = (actor: Actor) => sql`(${departments.brandId} is null or ${inScope(actor, departments.brandId)})`

/** Those of the brands the actor sees, archived ones last. */
export async function listDepartments(db: Db, actor: Actor, now: Date): Promise<Department[]> {
  const rows = await db
    .select()
    .from(departments)
    .where(ofSeenBrand(actor))
    .orderBy(sql`${departments.archivedAt} is not null`, asc(departments.createdAt), asc(departments.zh))
  const [members, counts] = await Promise.all([
    membersOf(
      db,
      rows.map(({ id }) => id),
    ),
    countOpen(db, actor, now),
  ])
  return rows.map((row) => show(row, members.get(row.id) ?? [], counts.get(row.id)))
}

async function membersOf(db: Db | Tx, ids: readonly string[]): Promise<Map<string, { id: string; name: string }[]>> {
  const rows = await db
    .select({ departmentId: departmentMembers.departmentId, id: authUser.id, name: authUser.name })
    .from(departmentMembers)
    .innerJoin(authUser, eq(authUser.id, departmentMembers.userId))
    .where(inArray(departmentMembers.departmentId, [...ids]))
    .orderBy(asc(authUser.name), asc(authUser.id))
  const by = Map.groupBy(rows, ({ departmentId }) => departmentId)
  return new Map([...by].map(([id, list]) => [id, list.map(({ id: userId, name }) => ({ id: userId, name }))]))
}

async function countOpen(db: Db, actor: Actor, now: Date): Promise<Map<string, { open: number; late: number }>> {
  const late = sql<number>`count(*) filter (where ${tasks.dueAt} <= ${now.toISOString()}::timestamptz)::int`
  const rows = await db
    .select({ id: tasks.departmentId, open: sql<number>`count(*)::int`, late })
    .from(tasks)
    .where(and(inScope(actor, tasks.brandId), eq(tasks.kind, 'department'), eq(tasks.state, 'open')))
    .groupBy(tasks.departmentId)
  return new Map(rows.flatMap(({ id, ...counts }) => (id === null ? [] : [[id, counts] as const])))
}

/** Throws 422 `too_many`, `unknown_brand`, `unknown_user`. */
export async function addDepartment(db: Db, actor: Actor, wanted: NewDepartment): Promise<Department> {
  return db.transaction(async (tx) => {
    // One at a time, so that two at once do not both find room.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('departments', 0))`)
    if ((await tx.$count(departments)) >= most)
      throw unprocessable('too_many', 'There are too many departments.', { most })
    if (wanted.brandId !== null) await requireBrands(tx, [wanted.brandId])
    const row = { id: newId(), brandId: wanted.brandId, zh: cleanText(wanted.zh), en: cleanText(wanted.en) }
    const [added] = await tx.insert(departments).values(row).returning()
    await replaceMembers(tx, row.id, wanted.memberIds)
    await writeAudit(tx, actor, 'department.added', `department:${row.id}`, { memberIds: wanted.memberIds })
    return show(added!, (await membersOf(tx, [row.id])).get(row.id) ?? [])
  })
}

/** Throws 404, 422 `unknown_user`. */
export async function changeDepartment(
  db: Db,
  actor: Actor,
  id: string,
  patch: DepartmentPatch,
  now: Date,
): Promise<Department> {
  return db.transaction(async (tx) => {
    const [row] = await tx
      .select()
      .from(departments)
      .where(and(eq(departments.id, id), ofSeenBrand(actor)))
      .for('update')
    if (!row) throw notFound('department')
    const { archived } = patch
    const set = {
      zh: patch.zh === undefined ? row.zh : cleanText(patch.zh),
      en: patch.en === undefined ? row.en : cleanText(patch.en),
      archivedAt: archived === undefined ? row.archivedAt : archived ? (row.archivedAt ?? now) : null,
    }
    const [changed] = await tx.update(departments).set(set).where(eq(departments.id, id)).returning()
    if (patch.memberIds !== undefined) await replaceMembers(tx, id, patch.memberIds)
    await writeAudit(tx, actor, 'department.changed', `department:${id}`, { ...patch })
    return show(changed!, (await membersOf(tx, [id])).get(id) ?? [])
  })
}

async function replaceMembers(tx: Tx, departmentId: string, userIds: readonly string[]): Promise<void> {
  const wanted = [...new Set(userIds)]
  const found = await tx.select({ id: authUser.id }).from(authUser).where(inArray(authUser.id, wanted))
  if (found.length < wanted.length) throw unprocessable('unknown_user', 'One of these people does not exist.')
  await tx.delete(departmentMembers).where(eq(departmentMembers.departmentId, departmentId))
  if (wanted.length > 0) await tx.insert(departmentMembers).values(wanted.map((userId) => ({ departmentId, userId })))
}

/** For a new task of a ticket of this brand. Throws 422 `unknown_department`. */
export async function requireDepartment(tx: Tx, id: string, brandId: string): Promise<Row> {
  const [row] = await tx
    .select()
    .from(departments)
    .where(
      and(
        eq(departments.id, id),
        sql`${departments.archivedAt} is null`,
        sql`(${departments.brandId} is null or ${departments.brandId} = ${brandId})`,
      ),
    )
  if (!row) throw unprocessable('unknown_department', 'There is no such department for this brand.')
  return row
}

/** Its members, and supervisors; everybody where it has no members. Throws 403 `not_a_member`. */
export async function requireMember(tx: Tx, actor: Actor, departmentId: string): Promise<void> {
  if (mayActAs(actor, 'supervisor')) return
  const members = await tx
    .select({ userId: departmentMembers.userId })
    .from(departmentMembers)
    .where(eq(departmentMembers.departmentId, departmentId))
  if (members.length > 0 && !members.some(({ userId }) => userId === actor.id))
    throw new Refused(403, 'not_a_member', 'This task is for another department.')
}

function show(row: Row, members: Department['members'], counts = { open: 0, late: 0 }): Department {
  const { id, zh, en, brandId, archivedAt } = row
  return { id, zh, en, brandId, members, archived: archivedAt !== null, ...counts }
}
