/** Elements and text nodes, and nothing else: what people wrote is never markup. */
type Content = string | Node | null

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | boolean>> = {},
  ...content: readonly Content[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(key, value === true ? '' : value)
  }
  made.append(...content.filter((one) => one !== null))
  return made
}

const svg = 'http://www.w3.org/2000/svg'

export function icon(path: string): SVGElement {
  const made = document.createElementNS(svg, 'svg')
  made.setAttribute('viewBox', '0 0 24 24')
  made.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS(svg, 'path')
  line.setAttribute('d', path)
  made.append(line)
  return made
}

const address = /https?:\/\/[^\s<>"'，。；：！？、（）【】《》]+/g

/** Text with its web addresses as links that tell nobody where they were found. */
export function linked(text: string): Node[] {
  const nodes: Node[] = []
  let from = 0
  for (const match of text.matchAll(address)) {
    const found = match[0].replace(/[.,;:!?)\]]+$/, '')
    nodes.push(document.createTextNode(text.slice(from, match.index)))
    nodes.push(element('a', { href: found, target: '_blank', rel: 'noopener noreferrer nofollow' }, found))
    from = match.index + found.length
  }
  nodes.push(document.createTextNode(text.slice(from)))
  return nodes
}
