/** HTML of feeds as plain text, and the pictures in it. */
import { convert, type HtmlToTextOptions } from 'html-to-text'
import { resolve } from './values.ts'

/** Longer articles are cut: a person reads the rest where it stands. html-to-text takes a time that grows with the square. */
const maxHtml = 64 * 1024
const maxTags = 3000
export const maxText = 20_000

export interface HtmlFile {
  readonly url: string
  readonly kind: 'photo' | 'video' | 'audio'
}
export interface HtmlText {
  readonly text: string
  readonly files: readonly HtmlFile[]
}

const tag =
  /<\/?(?:p|br|div|span|a|img|b|i|u|em|strong|ul|ol|li|h[1-6]|blockquote|table|tr|td|pre|code|video|font)\b[^<>]*>/iu
const entity = /&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[0-9a-f]{1,6});/iu

export const looksLikeHtml = (value: string): boolean => tag.test(value) || entity.test(value)

/** HTML that was encoded once too often comes out as HTML: it is read once more, and no more than once. */
export function readHtml(html: string, base: string): HtmlText {
  const first = readOnce(html, base)
  if (!tag.test(first.text)) {
    // `&amp;nbsp;`: the entities alone were encoded twice.
    return entity.test(first.text) ? { ...first, text: readOnce(escapeTags(first.text), base).text } : first
  }
  const second = readOnce(first.text, base)
  return { text: second.text, files: [...first.files, ...second.files] }
}

const escapeTags = (text: string) => text.replaceAll('<', '&lt;').replaceAll('\n', '<br>')

function readOnce(html: string, base: string): HtmlText {
  const cut = html.slice(0, maxHtml)
  if ((cut.match(/<\w/gu)?.length ?? 0) > maxTags) return { text: cleaned(cut.replace(/<[^<>]*>/gu, ' ')), files: [] }
  const files: HtmlFile[] = []
  return { text: cleaned(convert(cut, optionsFor(base, files))), files }
}

const cleaned = (text: string) =>
  text
    .replaceAll('\u00a0', ' ')
    .replace(/[ \t]+$/gmu, '')
    .replace(/\n{3,}/gu, '\n\n')
    .trim()

function optionsFor(base: string, files: HtmlFile[]): HtmlToTextOptions {
  const file = (address: string | undefined, kind: HtmlFile['kind']) => {
    const url = resolve(address?.trim() ?? null, base)
    if (url !== null && files.length < 50) files.push({ url, kind })
  }
  const plainHeading = { uppercase: false }
  return {
    wordwrap: false,
    limits: { maxInputLength: maxHtml, maxDepth: 60, ellipsis: '' },
    formatters: {
      // Typed loosely by the package: an element has its attributes as text.
      picture: (element, _walk, builder) => {
        const attributes = (element.attribs ?? {}) as Readonly<Record<string, string>>
        if (isSmall(attributes)) return builder.addInline(attributes.alt ?? '')
        const { src = '' } = attributes
        const lazy = attributes['data-src'] ?? attributes['data-original']
        file(lazy !== undefined && (src === '' || src.startsWith('data:')) ? lazy : src, 'photo')
      },
      recording: (element, walk, builder) => {
        const attributes = (element.attribs ?? {}) as Readonly<Record<string, string>>
        const kind = element.name === 'audio' ? 'audio' : 'video'
        const source = element.children?.find((child) => child.name === 'source')
        file(attributes.src ?? source?.attribs?.src, kind)
        walk(element.children, builder)
      },
    },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'picture' },
      { selector: 'video', format: 'recording' },
      { selector: 'audio', format: 'recording' },
      { selector: 'ul', options: { itemPrefix: '- ' } },
      { selector: 'hr', format: 'skip' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: plainHeading })),
    ],
  }
}

/** An emoji or a counting pixel: its `alt` is part of the words, the picture is not. */
function isSmall({ width = '', height = '', style = '', class: name = '' }: Readonly<Record<string, string>>): boolean {
  const tiny = [width, height].some((size) => /^\d+/u.test(size) && Number.parseInt(size, 10) <= 40)
  return (
    tiny ||
    /\b(?:width|height)\s*:\s*(?:1(?:\.\d+)?em|[1-3]?\d(?:\.\d+)?px)/iu.test(style) ||
    /emoji|emotion/iu.test(name)
  )
}
