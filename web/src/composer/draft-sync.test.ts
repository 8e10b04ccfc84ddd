import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ServerDraft } from '../api/wire.ts'
import { createDraftSync, type DraftSync, type KeptDraft } from './draft-sync.ts'

/** The server's side of it, as docs of the API say: a revision guards, and 409 answers with what is stored. */
let stored: ServerDraft | null
let isDown = false
let writes = 0
const refuse = () => Response.json({ code: 'draft_conflict', details: { draft: stored } }, { status: 409 })

vi.stubGlobal('fetch', async (path: string, { method, body }: { method: string; body?: string }) => {
  if (isDown) throw new TypeError('network')
  if (method === 'GET') return Response.json({ draft: stored })
  writes += 1
  if (method === 'DELETE') {
    if (stored && Number(new URL(path, 'http://desk').searchParams.get('revision')) !== stored.revision) return refuse()
    stored = null
    return new Response(null, { status: 204 })
  }
  const { revision, ...draft } = JSON.parse(body!) as ServerDraft
  if ((stored?.revision ?? 0) !== revision) return refuse()
  stored = { ...draft, revision: revision + 1, updatedAt: '' }
  return Response.json({ draft: stored })
})

let local: KeptDraft
let elsewhere: ServerDraft | null
let isComposing = false
let sync: DraftSync

async function open() {
  sync = createDraftSync({
    ticketId: 't1',
    local: () => local,
    adopt: (draft) => {
      local = draft
    },
    onElsewhere: (draft) => {
      elsewhere = draft
    },
    isComposing: () => isComposing,
  })
  await pass()
}
const pass = () => vi.advanceTimersByTimeAsync(2_000)
const write = (text: string) => {
  local = { text, mediaIds: [] }
  sync.changed()
}
const there = (text: string, revision = 7): ServerDraft => ({ text, mediaIds: [], revision, updatedAt: '' })

beforeEach(() => {
  vi.useFakeTimers()
  stored = null
  elsewhere = null
  isDown = false
  isComposing = false
  writes = 0
  local = { text: '', mediaIds: [] }
})
afterEach(() => void vi.useRealTimers())

describe('a draft', () => {
  test('is kept a moment after the last key, in one write', async () => {
    await open()
    for (const text of ['h', 'he', 'hello']) write(text)
    await pass()
    expect(stored).toMatchObject({ text: 'hello' })
    expect(writes).toBe(1)
  })
  test('is not kept in the middle of a composition', async () => {
    await open()
    isComposing = true
    write('ni hao')
    await pass()
    expect(writes).toBe(0)
    isComposing = false
    write('你好')
    await pass()
    expect(stored?.text).toBe('你好')
  })
  test('that was sent is gone from the server', async () => {
    await open()
    write('hello')
    await pass()
    write('')
    await pass()
    expect(stored).toBeNull()
  })
  test('of yesterday is taken up where nothing is written', async () => {
    stored = there('yesterday')
    await open()
    expect(local.text).toBe('yesterday')
    await pass()
    expect(writes).toBe(0)
  })
  test('that could not be kept is kept with the next key', async () => {
    await open()
    isDown = true
    write('a')
    await pass()
    isDown = false
    write('ab')
    await pass()
    expect(stored?.text).toBe('ab')
  })
  test('is written at once when the page closes', async () => {
    await open()
    write('last words')
    sync.flush()
    await vi.advanceTimersByTimeAsync(0)
    expect(stored?.text).toBe('last words')
  })
})

describe('two drafts', () => {
  test('that differ are shown, and neither overwrites the other', async () => {
    stored = there('theirs')
    local = { text: 'mine', mediaIds: [] }
    await open()
    write('mine, longer')
    sync.flush()
    await pass()
    expect(elsewhere?.text).toBe('theirs')
    expect(stored.text).toBe('theirs')
  })
  test('are one again when this one is kept', async () => {
    stored = there('theirs')
    local = { text: 'mine', mediaIds: [] }
    await open()
    sync.keep()
    await pass()
    expect(stored.text).toBe('mine')
    expect(elsewhere).toBeNull()
  })
  test('are one again when the other is taken over', async () => {
    stored = there('theirs')
    local = { text: 'mine', mediaIds: [] }
    await open()
    local = elsewhere!
    sync.changed()
    await pass()
    expect(elsewhere).toBeNull()
    write('theirs, and more')
    await pass()
    expect(stored.text).toBe('theirs, and more')
  })
  test('meet when another window saves first', async () => {
    await open()
    stored = there('theirs')
    write('mine')
    await pass()
    expect(elsewhere?.text).toBe('theirs')
    expect(stored.text).toBe('theirs')
  })
  test('are no matter once the other window sent its own', async () => {
    await open()
    write('mine')
    await pass()
    stored = null
    write('mine too')
    await pass()
    await pass()
    expect(stored).toMatchObject({ text: 'mine too' })
  })
})

describe('something else writes into the stored draft', () => {
  test('it is taken up where everything written here was saved', async () => {
    await open()
    write('mine')
    await sync.settle()
    expect(stored?.text).toBe('mine')
    stored = there('mine\n\nfrom a macro', (stored?.revision ?? 0) + 1)
    await sync.reload()
    expect(local.text).toBe('mine\n\nfrom a macro')
    expect(elsewhere).toBeNull()
    // What is written on goes over that one, without a quarrel.
    write('mine and more')
    await pass()
    expect(stored?.text).toBe('mine and more')
  })

  test('what was not saved is not overwritten: both are shown', async () => {
    await open()
    write('mine')
    await pass()
    local = { text: 'mine, unsaved', mediaIds: [] }
    stored = there('from a macro', (stored?.revision ?? 0) + 1)
    await sync.reload()
    expect(local.text).toBe('mine, unsaved')
    expect(elsewhere?.text).toBe('from a macro')
  })
})
