/** The conversation as it is read, newest at the end; a screen reader hears what is new. */
import type { Line } from '../wire.ts'
import { element, linked } from './dom.ts'
import { showFile, showOwn } from './files.ts'
import type { Outgoing } from './outbox.ts'
import { language, words } from './words.ts'

const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' })
const date = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' })

export interface LogEvents {
  retry(item: Outgoing): void
  remove(item: Outgoing): void
  explain(code: string): string
}

export function createLog({ retry, remove, explain }: LogEvents) {
  const empty = element('p', { class: 'empty' }, words.empty)
  const box = element(
    'div',
    { class: 'log', role: 'log', 'aria-label': words.log, 'aria-live': 'polite', 'aria-busy': 'true', tabindex: '0' },
    empty,
  )
  const lines: { at: number; id: string; node: HTMLElement }[] = []
  const pending = new Map<string, HTMLElement>()

  const isAtEnd = () => box.scrollHeight - box.scrollTop - box.clientHeight < 80
  const toEnd = () => {
    box.scrollTop = box.scrollHeight
  }

  function draw(line: Line): HTMLElement {
    const isOwn = line.side === 'visitor'
    const at = new Date(line.at)
    const isToday = at.toDateString() === new Date().toDateString()
    const meta = element(
      'p',
      { class: 'meta' },
      element('span', { class: 'author' }, isOwn ? words.you : line.author),
      ' ',
      element('time', { datetime: line.at }, (isToday ? time : date).format(at)),
    )
    const text = line.text === '' ? null : element('p', { class: 'text' }, ...linked(line.text))
    return element('div', { class: `line ${line.side}` }, meta, text, ...line.files.map(showFile))
  }

  return {
    box,
    add(line: Line): void {
      const stay = isAtEnd()
      empty.remove()
      const node = draw(line)
      const at = Date.parse(line.at)
      const next = lines.findIndex((one) => one.at > at || (one.at === at && one.id > line.id))
      const before = next < 0 ? ([...pending.values()][0] ?? null) : lines[next]!.node
      const own = line.clientId === null ? undefined : pending.get(line.clientId)
      if (own && line.clientId !== null) {
        own.remove()
        pending.delete(line.clientId)
      }
      box.insertBefore(node, before === own ? ([...pending.values()][0] ?? null) : before)
      lines.splice(next < 0 ? lines.length : next, 0, { at, id: line.id, node })
      if (stay) toEnd()
    },
    /** What is on its way, with what became of it so far. */
    show(item: Outgoing): void {
      const old = pending.get(item.id)
      const state = element('p', { class: `state ${item.state}` }, stateOf(item))
      if (item.state === 'failed') {
        const again = element('button', { type: 'button', class: 'link' }, words.retry)
        const away = element('button', { type: 'button', class: 'link' }, words.remove)
        again.addEventListener('click', () => retry(item))
        away.addEventListener('click', () => remove(item))
        state.append(' ', again, ' ', away)
      }
      if (old) {
        old.querySelector('.state')?.replaceWith(state)
        return
      }
      empty.remove()
      const content = item.file ? showOwn(item.file) : element('p', { class: 'text' }, ...linked(item.text))
      const node = element('div', { class: 'line visitor' }, content, state)
      pending.set(item.id, node)
      box.append(node)
      toEnd()
    },
    drop(id: string): void {
      pending.get(id)?.remove()
      pending.delete(id)
    },
    ready(): void {
      box.setAttribute('aria-busy', 'false')
    },
    toEnd,
    clear(): void {
      for (const { node } of lines.splice(0)) node.remove()
      box.prepend(empty)
    },
  }

  function stateOf({ state, code }: Outgoing): string {
    if (state === 'taken') return ''
    if (state === 'failed') return explain(code ?? 'other')
    if (code === 'network') return words.waiting
    return code === 'too_many' ? words.problems.too_many() : words.sending
  }
}
