import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type TestApp } from '../../test/helpers/app.ts'
import { newId } from '../db/id.ts'
import { apiKeys } from '../db/schema.ts'
import { systemActor } from './actor.ts'
import { actorOfKey, createKey, listKeys, revokeKey } from './keys.ts'
import { actorStillValid } from './resolve.ts'

let house: TestApp
beforeAll(async () => {
  house = await openTestApp()
})
afterAll(() => house.close())

const now = new Date('2026-11-22T12:00:00Z')
const later = (ms: number) => new Date(now.getTime() + ms)
const make = (more: Partial<Parameters<typeof createKey>[2]> = {}) =>
  createKey(house.deps.db, systemActor, { name: 'Reporting', role: 'agent', ...more }, now)
const read = (key: string, at = now) => actorOfKey(house.deps.db, key, at)

test('a key is who it says, with its role and brands', async () => {
  const { apiKey, key } = await make({ role: 'supervisor', brandIds: [house.brandId, house.brandId] })
  expect(key).toMatch(/^hx_[0-9a-f-]{36}_[\w-]{43}$/u)
  expect(await read(key)).toEqual({
    kind: 'key',
    id: `key:${apiKey.id}`,
    name: 'Reporting',
    email: null,
    role: 'supervisor',
    brandIds: [house.brandId],
  })
})

test('the database holds nothing a key could be made from', async () => {
  const { key } = await make()
  const secret = key.slice(-43)
  const [dump] = await house.deps.sql<{ text: string }[]>`select string_agg(api_keys::text, '') as text from api_keys`
  expect(dump!.text).not.toContain(secret)
  expect(dump!.text).not.toContain(Buffer.from(secret, 'base64url').toString('hex'))
})

test('anything but the exact key is nobody', async () => {
  const { key } = await make()
  const other = (await make()).key
  const id = key.slice(3, 39)
  const spoiled = [
    '',
    'hx_',
    key.slice(0, -1),
    `${key}A`,
    `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`,
    key.toUpperCase(),
    ` ${key}`,
    `hx_${id}_${other.slice(-43)}`,
    `hx_${newId()}_${key.slice(-43)}`,
    `hx_${id}_${'\u0000'.repeat(43)}`,
  ]
  for (const wrong of spoiled) expect([wrong, await read(wrong)]).toEqual([wrong, null])
  expect(await read(key)).not.toBeNull()
})

test('an expired key is nobody from that very moment', async () => {
  const { key } = await make({ expiresAt: later(1000) })
  expect(await read(key, later(999))).not.toBeNull()
  expect(await read(key, later(1000))).toBeNull()
})

test('a revoked key is nobody at once, its open streams too, and stays listed', async () => {
  const { apiKey, key } = await make()
  const actor = (await read(key))!
  const deps = { db: house.deps.db, now: () => now }
  expect(await actorStillValid(deps, actor)).toBe(true)
  await revokeKey(house.deps.db, systemActor, apiKey.id)
  expect(await read(key)).toBeNull()
  expect(await actorStillValid(deps, actor)).toBe(false)
  const first = (await listKeys(house.deps.db)).find(({ id }) => id === apiKey.id)?.revokedAt
  expect(first).not.toBeNull()
  await revokeKey(house.deps.db, systemActor, apiKey.id)
  expect((await listKeys(house.deps.db)).find(({ id }) => id === apiKey.id)?.revokedAt).toBe(first)
})

test('its use is written at most once a minute', async () => {
  const { apiKey, key } = await make()
  const usedAt = async () =>
    (await house.deps.db.select().from(apiKeys).where(eq(apiKeys.id, apiKey.id)))[0]!.lastUsedAt?.toISOString()
  expect(await usedAt()).toBeUndefined()
  await Promise.all(Array.from({ length: 20 }, () => read(key)))
  expect(await usedAt()).toBe(now.toISOString())
  await read(key, later(59_999))
  expect(await usedAt()).toBe(now.toISOString())
  await read(key, later(60_000))
  expect(await usedAt()).toBe(later(60_000).toISOString())
})

describe('is not made', () => {
  test.each([
    ['already expired', { expiresAt: now }, 'already_expired'],
    ['for a brand that does not exist', { brandIds: [newId()] }, 'unknown_brand'],
    [
      'for an administrator of some brands',
      { role: 'administrator' as const, brandIds: [newId()] },
      'administrators_see_all',
    ],
  ])('%s', async (_name, more, code) => {
    const before = (await listKeys(house.deps.db)).length
    await expect(make(more)).rejects.toMatchObject({ status: 422, code })
    expect(await listKeys(house.deps.db)).toHaveLength(before)
  })
})

test('through the API: shown once, listed without, usable, revoked', async () => {
  const administrator = await house.person('administrator')
  const ask = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
    house.app.inject({ method, url, headers: administrator.headers, ...(payload ? { payload } : {}) })
  const made = await ask('POST', '/api/keys', {
    name: 'Bot',
    role: 'agent',
    expiresAt: later(365 * 86_400_000).toISOString(),
  })
  expect(made.statusCode).toBe(201)
  const { apiKey, key } = made.json()
  expect((await ask('GET', '/api/keys')).body).not.toContain(key.slice(-43))
  const me = () => house.app.inject({ url: '/api/me', headers: { authorization: `Bearer ${key}` } })
  expect((await me()).json()).toEqual({
    kind: 'key',
    id: `key:${apiKey.id}`,
    name: 'Bot',
    email: null,
    role: 'agent',
    brandIds: null,
  })
  expect((await ask('DELETE', `/api/keys/${apiKey.id}`)).statusCode).toBe(204)
  expect((await me()).statusCode).toBe(401)
  expect((await ask('DELETE', `/api/keys/${newId()}`)).statusCode).toBe(404)
})
