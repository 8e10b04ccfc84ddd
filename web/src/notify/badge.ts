/** How much came while nobody looked: a figure before the tab's title. */

let count = 0
let page = ''

/** The tab's title: what is new, the page, the product. */
export function showTitle(next: string): void {
  page = next
  draw()
}

export function addToBadge(more: number): void {
  if (document.visibilityState === 'visible') return
  count += more
  draw()
}

export function clearBadge(): void {
  if (count === 0) return
  count = 0
  draw()
}

function draw() {
  const shown = count > 99 ? '99+' : String(count)
  document.title = `${count > 0 ? `(${shown}) ` : ''}${page} · 回信 Huixin`
}
