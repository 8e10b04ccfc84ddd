/** What the visitor wrote and the door has not taken yet. Texts survive a reload; each keeps its id, so that twice is once. */
import { call, pause, post, Refused } from './call.ts'
import { read, write } from './store.ts'
import { language } from './words.ts'

export interface Outgoing {
  readonly id: string
  readonly text: string
  readonly file: File | null
  state: 'waiting' | 'sending' | 'taken' | 'failed'
  /** Why it failed. */
  code: string | null
}

export interface OutboxEvents {
  changed(item: Outgoing): void
  dropped(id: string): void
  refused(): Promise<void>
}

export function createOutbox({ changed, dropped, refused }: OutboxEvents) {
  let items: Outgoing[] = []
  /** Whose it is: what one person wrote is never sent in another's name. */
  let name = ''
  let running = false

  function keep(): void {
    const texts = items.filter(({ file, state }) => file === null && state !== 'taken')
    write(name, texts.length > 0 ? texts.map(({ id, text }) => ({ id, text })) : null)
  }
  function set(item: Outgoing, state: Outgoing['state'], code: string | null = null): void {
    item.state = state
    item.code = code
    keep()
    changed(item)
  }

  async function transmit({ id, text, file }: Outgoing): Promise<void> {
    if (!file) return void (await post('messages', { id, text, language }))
    const query = new URLSearchParams({ id, name: file.name.slice(0, 200), language })
    const headers = { 'content-type': 'application/octet-stream' }
    await call(`files?${query}`, { method: 'POST', headers, body: file })
  }

  /** One after the other, in their order, until none waits. */
  async function run(): Promise<void> {
    if (running) return
    running = true
    let tries = 0
    for (;;) {
      const item = items.find(({ state }) => state === 'waiting')
      if (!item) break
      set(item, 'sending')
      try {
        await transmit(item)
        tries = 0
        if (items.includes(item)) set(item, 'taken')
      } catch (error) {
        if (!items.includes(item)) continue
        if (error instanceof Refused && error.status === 401) {
          set(item, 'waiting')
          await refused()
        } else if (error instanceof Refused && error.status < 500 && error.status !== 429) {
          set(item, 'failed', error.code)
          continue
        } else {
          const isBusy = error instanceof Refused && error.status === 429
          set(item, 'waiting', isBusy ? 'too_many' : 'network')
        }
        await pause(tries, (error instanceof Refused && error.waitMs) || 0)
        tries += 1
      }
    }
    running = false
  }

  return {
    /** What this person wrote earlier is on its way again. */
    use(owner: string): void {
      if (name === `outbox:${owner}`) return
      for (const { id } of items) dropped(id)
      name = `outbox:${owner}`
      const kept = read<{ id: string; text: string }[]>(name) ?? []
      items = kept.map(({ id, text }) => ({ id, text, file: null, state: 'waiting', code: null }))
      for (const item of items) changed(item)
    },
    add(text: string, file: File | null = null): Outgoing {
      const item: Outgoing = { id: newId(), text, file, state: 'waiting', code: null }
      items.push(item)
      keep()
      changed(item)
      void run()
      return item
    },
    /** The door has shown that it has it. */
    arrived(id: string): void {
      items = items.filter((item) => item.id !== id)
      keep()
    },
    retry(item: Outgoing): void {
      set(item, 'waiting')
      void run()
    },
    start: () => void run(),
  }
}

/** `crypto.randomUUID` is there on https alone. */
const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, '0')).join('')
