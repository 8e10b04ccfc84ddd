/**
 * The HTML of a post as text. Servers clean it to a few elements; some software sends more.
 * https://docs.joinmastodon.org/spec/activitypub/#sanitization, read 2026-11-24
 */
import { compile, type HtmlToTextOptions } from 'html-to-text'

const options: HtmlToTextOptions = {
  wordwrap: false,
  // Nesting this deep is an attack; without a limit it ends in a stack overflow.
  limits: { maxDepth: 60 },
  formatters: {
    alt: (element, _walk, builder) => builder.addInline(String(element.attribs.alt ?? '')),
  },
  selectors: [
    // A long link comes in three spans, two of them hidden: together they are the address.
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'] } },
    { selector: 'a.mention', format: 'anchor', options: { ignoreHref: true } },
    { selector: 'a.hashtag', format: 'anchor', options: { ignoreHref: true } },
    // Custom emoji are text already, `:blobcat:`; software that sends pictures has that in `alt`.
    { selector: 'img', format: 'alt' },
    { selector: 'ul', options: { itemPrefix: '- ' } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
}
const convert = compile(options)

/** Longer is no post; the library would cut as well, with a line on standard error. */
const longest = 200_000

export const textOfHtml = (html: string): string => convert(html.slice(0, longest)).trim()
