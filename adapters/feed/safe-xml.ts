/**
 * XML that cannot keep the parser busy. feedsmith expands no entities, so a "billion laughs" stays short; but it takes a time
 * that grows with the square on 100,000 `<` in a row (65 s, measured 2026-11-25) or on one tag with as many attributes.
 */

const maxTag = 64 * 1024
/** Unescaped ones that a careless feed may have. */
const maxStray = 100

/** Null: no feed looks like this. In XML every `<` outside CDATA and comments has its `>` before the next one. */
export function safeXml(xml: string): string | null {
  const body = withoutDoctype(xml)
  let stray = 0
  for (let at = body.indexOf('<'); at >= 0; ) {
    const end = endOf(body, at)
    if (end === null) return null
    const next = body.indexOf('<', at + 1)
    if (end.quoted) {
      at = body.indexOf('<', end.at)
      continue
    }
    if (next >= 0 && next < end.at) {
      stray += 1
      if (stray > maxStray) return null
    } else if (end.at - at > maxTag) return null
    at = next
  }
  return body
}

/** Where what begins at `at` ends; `quoted`: nothing in it is a tag. Null: it never ends. */
function endOf(body: string, at: number): { readonly at: number; readonly quoted: boolean } | null {
  const [start, close] = body.startsWith('<![CDATA[', at)
    ? ['<![CDATA[', ']]>']
    : body.startsWith('<!--', at)
      ? ['<!--', '-->']
      : ['<', '>']
  const found = body.indexOf(close, at + start.length)
  return found < 0 ? null : { at: found + close.length, quoted: start !== '<' }
}

/** Its entities are not expanded, and its `<!ENTITY` are no tags. */
function withoutDoctype(xml: string): string {
  const at = xml.search(/<!DOCTYPE/iu)
  // Behind the first element it is somebody's words.
  if (at < 0 || /<[A-Za-z]/u.test(xml.slice(0, at))) return xml
  const end = /^<!DOCTYPE[^[>]*(?:\[[\s\S]*?\]\s*)?>/iu.exec(xml.slice(at, at + maxTag))?.[0].length
  return end === undefined ? xml : xml.slice(0, at) + xml.slice(at + end)
}
