/** One tooltip for the whole desk, for whatever carries `data-tip`: words that stand beside a control while it is pointed at or focused. */
import styles from './Tooltip.module.css'

const delayMs = 500
const gapPx = 6
const edgePx = 8
const tipId = 'tip'

/** Returns what ends it. */
export function watchTips(root: Document = document): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let owner: Element | null = null
  let tip: HTMLElement | null = null

  const hide = () => {
    clearTimeout(timer)
    if (owner?.getAttribute('aria-describedby') === tipId) owner.removeAttribute('aria-describedby')
    owner = null
    tip?.remove()
    tip = null
  }
  const show = (target: HTMLElement) => {
    const text = target.dataset.tip
    // What is open below says more.
    if (!text || !target.isConnected || target.ariaExpanded === 'true') return hide()
    tip = root.createElement('div')
    tip.id = tipId
    tip.role = 'tooltip'
    // Reached through the control alone, as its description; it is no part of the page.
    tip.ariaHidden = 'true'
    tip.className = styles.tooltip!
    tip.textContent = text
    root.body.append(tip)
    // Said once: a name that is the same is read out anyway.
    if (text !== target.ariaLabel && !target.hasAttribute('aria-describedby'))
      target.setAttribute('aria-describedby', tipId)
    place(tip, target.getBoundingClientRect())
  }
  const aim = (target: EventTarget | null, waitMs: number) => {
    const found = target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null
    if (found === owner) return
    hide()
    if (!found) return
    owner = found
    timer = setTimeout(() => show(found), waitMs)
  }

  const leaving = new AbortController()
  const { signal } = leaving
  root.addEventListener('pointerover', ({ target, pointerType }) => pointerType !== 'touch' && aim(target, delayMs), {
    signal,
  })
  root.addEventListener('pointerout', ({ relatedTarget }) => relatedTarget === null && hide(), { signal })
  root.addEventListener(
    'focusin',
    ({ target }) => target instanceof Element && target.matches(':focus-visible') && aim(target, 0),
    { signal },
  )
  root.addEventListener('focusout', hide, { signal })
  root.addEventListener('pointerdown', hide, { signal, capture: true })
  root.addEventListener('scroll', hide, { signal, capture: true, passive: true })
  root.addEventListener('keydown', ({ key }) => key === 'Escape' && hide(), { signal, capture: true })
  return () => {
    hide()
    leaving.abort()
  }
}

/** Above, or below where there is no room; never beyond an edge. */
function place(tip: HTMLElement, at: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = tip
  const across = at.left + at.width / 2 - width / 2
  const left = Math.max(edgePx, Math.min(across, window.innerWidth - width - edgePx))
  const above = at.top - height - gapPx
  tip.style.left = `${left}px`
  tip.style.top = `${above >= edgePx ? above : at.bottom + gapPx}px`
}
