/** Where a visitor writes. Enter sends, Shift+Enter is a new line; not while an input method is composing. */
import { element, icon } from './dom.ts'
import { words } from './words.ts'

export interface ComposerEvents {
  text(text: string): void
  files(files: readonly File[]): void
  typing(): void
}

const typingEveryMs = 4_000

export function createComposer({ text, files, typing }: ComposerEvents) {
  const field = element('textarea', {
    id: 'field',
    rows: '1',
    placeholder: words.placeholder,
    enterkeyhint: 'send',
    'aria-describedby': 'complaint',
  })
  const picker = element('input', {
    type: 'file',
    multiple: true,
    class: 'hidden',
    tabindex: '-1',
    'aria-hidden': 'true',
  })
  const attach = element(
    'button',
    { type: 'button', class: 'round', 'aria-label': words.attach, title: words.attach },
    icon('M12 5v14M5 12h14'),
  )
  const send = element(
    'button',
    { type: 'submit', class: 'round send', 'aria-label': words.send, title: words.send },
    icon('M4 12l16-8-6 16-3-6z'),
  )
  const complaint = element('p', { id: 'complaint', class: 'complaint', role: 'alert' })
  const form = element(
    'form',
    { class: 'composer' },
    complaint,
    element('label', { for: 'field', class: 'unseen' }, words.field),
    attach,
    picker,
    field,
    send,
  )
  let longest = 4000
  let told = 0

  function grow(): void {
    field.rows = Math.min(5, Math.max(1, field.value.split('\n').length))
  }
  function submit(): void {
    const written = field.value.trim()
    if (written === '') return
    if ([...written].length > longest) {
      complaint.textContent = words.tooLong(longest)
      return
    }
    complaint.textContent = ''
    field.value = ''
    grow()
    // What comes next is another message.
    told = 0
    text(written)
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
    field.focus()
  })
  field.addEventListener('keydown', (event) => {
    // 229: Safari ends a composition before the key that ended it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    submit()
  })
  field.addEventListener('input', () => {
    grow()
    complaint.textContent = ''
    if (field.value === '' || Date.now() - told < typingEveryMs) return
    told = Date.now()
    typing()
  })
  field.addEventListener('paste', (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])]
    if (pasted.length === 0 || attach.hidden) return
    event.preventDefault()
    files(pasted)
  })
  attach.addEventListener('click', () => picker.click())
  picker.addEventListener('change', () => {
    files([...(picker.files ?? [])])
    picker.value = ''
    field.focus()
  })

  return {
    form,
    focus: () => field.focus(),
    complain(what: string): void {
      complaint.textContent = what
    },
    limits(max: number, accept: string | null): void {
      longest = max
      attach.hidden = accept === null
      picker.accept = accept ?? ''
    },
    enable(is: boolean): void {
      for (const control of [field, attach, send]) control.disabled = !is
    },
  }
}
