/** The chat in its frame: puts the parts together. */
import type { Session } from '../wire.ts'
import { createComposer } from './composer.ts'
import { element, icon } from './dom.ts'
import { createFrame, isFramed } from './frame.ts'
import { createLog } from './log.ts'
import { createOutbox } from './outbox.ts'
import { createReceipts } from './receipts.ts'
import { openStream } from './stream.ts'
import { enter, ownerOf, saysTyping } from './visitor.ts'
import { words } from './words.ts'

const typingShownMs = 6_000
const lostAfterMs = 2_000

/** What the page gave; null: it has not said yet. */
let signed: string | null = null
let isOpen = !isFramed
let session: Session | null = null
let entering: Promise<void> | null = null

const explain = (code: string) => {
  const problems: Record<string, (megabytes: string) => string> = words.problems
  return (problems[code] ?? words.problems.other)(((session?.files?.maxBytes ?? 0) / 1_048_576).toFixed(0))
}
const log = createLog({
  explain,
  retry: (item) => outbox.retry(item),
  remove(item) {
    outbox.arrived(item.id)
    log.drop(item.id)
    composer.focus()
  },
})
const outbox = createOutbox({ changed: log.show, dropped: log.drop, refused: refresh })
const receipts = createReceipts()
const composer = createComposer({
  text: (text) => void outbox.add(text),
  files(files) {
    composer.complain('')
    for (const file of files) {
      if (file.size > (session?.files?.maxBytes ?? 0)) composer.complain(explain('file_too_large'))
      else if (file.size === 0) composer.complain(explain('empty_file'))
      else outbox.add('', file)
    }
  },
  typing: saysTyping,
})

const title = element('h1', { id: 'title' }, words.panel)
const typingLine = element('p', { class: 'typing', role: 'status' })
const notice = element('p', { class: 'notice', role: 'status' })
const lostLine = element('p', { class: 'lost', role: 'status' })
const closeButton = element(
  'button',
  { type: 'button', class: 'round close', 'aria-label': words.close, title: words.close },
  icon('M6 6l12 12M18 6L6 18'),
)
const badge = element('span', { class: 'badge', 'aria-hidden': 'true' })
const launcher = element(
  'button',
  { type: 'button', class: 'launcher', 'aria-label': words.open, 'aria-expanded': 'false', 'aria-controls': 'panel' },
  icon('M4 4h16v12H9l-5 4z'),
  badge,
)
const panel = element(
  'main',
  { id: 'panel', class: 'panel', 'aria-labelledby': 'title' },
  element('header', {}, title, closeButton),
  notice,
  lostLine,
  log.box,
  typingLine,
  composer.form,
)
closeButton.hidden = !isFramed

function show(open: boolean, focus = true): void {
  isOpen = open || !isFramed
  panel.hidden = !isOpen
  launcher.hidden = isOpen
  launcher.setAttribute('aria-expanded', String(isOpen))
  frame.shown(isOpen)
  if (isOpen) log.toEnd()
  if (focus && isOpen) composer.focus()
  else if (focus) launcher.focus()
  look()
}

/** Before the visitor's eyes, or waiting for them. */
function look(): void {
  receipts.seen(isOpen && document.visibilityState === 'visible')
  const count = receipts.unread()
  badge.textContent = count > 0 ? String(Math.min(count, 99)) : ''
  launcher.setAttribute('aria-label', count > 0 ? `${words.open} (${words.unread(count)})` : words.open)
  frame.unread(count)
}

let typingTimer: ReturnType<typeof setTimeout> | undefined
function showTyping(is: boolean): void {
  clearTimeout(typingTimer)
  typingLine.textContent = is ? words.typing : ''
  if (is) typingTimer = setTimeout(() => showTyping(false), typingShownMs)
}

let lostTimer: ReturnType<typeof setTimeout> | undefined
function showLost(is: boolean): void {
  clearTimeout(lostTimer)
  if (!is) lostLine.textContent = ''
  // A moment's break is nobody's concern.
  else {
    lostTimer = setTimeout(() => {
      lostLine.textContent = words.lost
    }, lostAfterMs)
  }
}

const stream = openStream({
  line(line) {
    if (line.clientId !== null) outbox.arrived(line.clientId)
    log.add(line)
    if (line.side !== 'agent') return
    showTyping(false)
    receipts.add(line)
    look()
  },
  ready: log.ready,
  typing: () => showTyping(true),
  connected: (is) => showLost(!is),
  refused: refresh,
})

const frame = createFrame({
  hello(token) {
    if (signed !== null && ownerOf(signed) !== ownerOf(token)) {
      stream.forget()
      receipts.forget()
      log.clear()
    }
    signed = token
    outbox.use(ownerOf(token))
    announce()
    void refresh().then(stream.start)
  },
  open: () => show(true),
  close: () => show(false),
})

/** The token is new, or was refused: asks the door who the visitor is. */
function refresh(): Promise<void> {
  entering ??= enterOnce().finally(() => {
    entering = null
  })
  return entering
}

let announce = () => {}

async function enterOnce(): Promise<void> {
  for (;;) {
    const used = signed ?? ''
    const entry = await enter(used)
    if (used !== signed) continue
    if ('session' in entry) return begin(entry.session)
    notice.textContent = words[entry.refused]
    composer.enable(false)
    const another = new Promise<void>((resolve) => {
      announce = resolve
    })
    if (entry.refused === 'refused') frame.needsToken()
    await another
  }
}

function begin(made: Session): void {
  session = made
  title.textContent = made.title
  notice.textContent = made.open ? '' : made.offlineText || words.offline
  composer.limits(made.longestText, made.files?.accept ?? null)
  composer.enable(true)
  outbox.start()
}

launcher.addEventListener('click', () => show(true))
closeButton.addEventListener('click', () => show(false))
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && isFramed && isOpen && !event.isComposing) show(false)
})
document.addEventListener('visibilitychange', look)
document.body.classList.toggle('framed', isFramed)
document.body.append(launcher, panel)
show(isOpen, false)
frame.begin()
