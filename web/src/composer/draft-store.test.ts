import { beforeEach, describe, expect, test, vi } from 'vitest'
import { changeDraft, draftOf, emptyDraft, forgetDrafts, keepDraftsOf, readStored } from './draft-store.ts'

const storage = new Map<string, string>()
vi.stubGlobal('sessionStorage', {
  getItem: (key: string) => storage.get(key) ?? null,
  setItem: (key: string, value: string) => storage.set(key, value),
  removeItem: (key: string) => storage.delete(key),
})

beforeEach(() => {
  forgetDrafts()
  keepDraftsOf('ada')
})

describe('what somebody writes', () => {
  test('is there after a reload', () => {
    changeDraft('t1', { reply: '您好', mode: 'reply' })
    const stored = storage.get('huixin.drafts')!
    forgetDrafts()
    storage.set('huixin.drafts', stored)
    keepDraftsOf('ada')
    expect(draftOf('t1').reply).toBe('您好')
  })
  test('is not shown to the next person at this browser', () => {
    changeDraft('t1', { reply: 'secret' })
    keepDraftsOf('bob')
    expect(draftOf('t1')).toBe(emptyDraft)
    expect([...storage.values()].join()).not.toContain('secret')
  })
  test('is gone from the storage after signing out', () => {
    changeDraft('t1', { note: 'secret' })
    forgetDrafts()
    expect(storage.size).toBe(0)
  })
  test('for colleagues never becomes a reply: the texts are apart', () => {
    changeDraft('t1', { note: 'he is angry', mode: 'note' })
    changeDraft('t1', { mode: 'reply' })
    expect(draftOf('t1')).toMatchObject({ reply: '', note: 'he is angry' })
  })
  test('leaves nothing behind once it is empty', () => {
    changeDraft('t1', { reply: 'x' })
    changeDraft('t1', { reply: '' })
    expect(storage.size).toBe(0)
  })
})

test.each([null, '', '{', '[]', '{"person":1}', '{"person":"a","drafts":null}'])(
  'storage that holds %j is no draft',
  (text) => {
    expect(readStored(text)).toBeNull()
  },
)
test('a broken draft does not take the others with it', () => {
  const text = JSON.stringify({
    person: 'a',
    drafts: { t1: { reply: 'x', note: '', files: [null, { id: 'm' }], mode: 'shout' }, t2: null, t3: { reply: 3 } },
  })
  expect(readStored(text)?.drafts).toEqual({ t1: { ...emptyDraft, reply: 'x', files: [{ id: 'm' }] } })
})
