/** Posts as documents, each written by hand from the format's own pages, none with the library that reads them. */
import type { FeedState, Post } from './state.ts'

const escaped = (value: string) =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const optional = (value: string | null, write: (value: string) => string) => (value === null ? '' : write(value))

export function render(feed: FeedState, root: string): { readonly text: string; readonly type: string } {
  const write = { rss, atom, rdf, json }[feed.format ?? 'rss']
  return write(feed, root)
}

const declaration = ({ charset = 'utf-8' }: FeedState) =>
  `<?xml version="1.0" encoding="${charset === 'gbk' ? 'GB2312' : charset}"?>\n`

/** https://www.rssboard.org/rss-specification, as known on 2026-11-25 */
function rss(feed: FeedState, root: string) {
  const item = (post: Post) => `<item>
${optional(post.title, (title) => `<title><![CDATA[${title}]]></title>`)}
<link>${escaped(post.link)}</link>
<guid isPermaLink="false">${escaped(post.id)}</guid>
${optional(post.author, (author) => `<author><![CDATA[${author}]]></author>`)}
${post.published ? `<pubDate>${post.published.toUTCString()}</pubDate>` : ''}
${post.updated ? `<atom:updated>${post.updated.toISOString()}</atom:updated>` : ''}
<description>${escaped(post.html)}</description>
${post.enclosures.map(({ url, type, bytes }) => `<enclosure url="${escaped(url)}" length="${bytes}" type="${type}"/>`).join('')}
</item>`
  const { title = 'Posts', ttl, skipHours = [], posts } = feed
  const text = `${declaration(feed)}<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>${escaped(title)}</title><link>${root}/</link><description>${escaped(title)}</description>
${ttl === undefined ? '' : `<ttl>${ttl}</ttl>`}
${skipHours.length === 0 ? '' : `<skipHours>${skipHours.map((hour) => `<hour>${hour}</hour>`).join('')}</skipHours>`}
${posts.map(item).join('\n')}
</channel></rss>`
  return { text, type: 'application/xml' }
}

/** https://www.rfc-editor.org/rfc/rfc4287, as known on 2026-11-25 */
function atom(feed: FeedState, root: string) {
  const entry = (post: Post) => `<entry>
<id>${escaped(post.id)}</id>
<title>${escaped(post.title ?? '')}</title>
<link rel="alternate" type="text/html" href="${escaped(post.link)}"/>
${optional(post.author, (author) => `<author><name>${escaped(author)}</name></author>`)}
${post.published ? `<published>${post.published.toISOString()}</published>` : ''}
<updated>${(post.updated ?? post.published ?? feed.changedAt).toISOString()}</updated>
<content type="html">${escaped(post.html)}</content>
${post.enclosures.map(({ url, type, bytes }) => `<link rel="enclosure" href="${escaped(url)}" length="${bytes}" type="${type}"/>`).join('')}
</entry>`
  const text = `${declaration(feed)}<feed xmlns="http://www.w3.org/2005/Atom">
<id>${root}${feed.path}</id><title>${escaped(feed.title ?? 'Posts')}</title><updated>${feed.changedAt.toISOString()}</updated>
${feed.posts.map(entry).join('\n')}
</feed>`
  return { text, type: 'application/atom+xml' }
}

/** https://web.resource.org/rss/1.0/spec, as known on 2026-11-25 */
function rdf(feed: FeedState, root: string) {
  const item = (post: Post) => `<item rdf:about="${escaped(post.link)}">
<title>${escaped(post.title ?? '')}</title><link>${escaped(post.link)}</link>
<description>${escaped(post.html)}</description>
${optional(post.author, (author) => `<dc:creator>${escaped(author)}</dc:creator>`)}
${post.published ? `<dc:date>${post.published.toISOString()}</dc:date>` : ''}
</item>`
  const text = `${declaration(feed)}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="${root}${feed.path}"><title>${escaped(feed.title ?? 'Posts')}</title><link>${root}/</link><description/>
<items><rdf:Seq>${feed.posts.map(({ link }) => `<rdf:li rdf:resource="${escaped(link)}"/>`).join('')}</rdf:Seq></items></channel>
${feed.posts.map(item).join('\n')}
</rdf:RDF>`
  return { text, type: 'application/rdf+xml' }
}

/** https://www.jsonfeed.org/version/1.1/, as known on 2026-11-25 */
function json(feed: FeedState, root: string) {
  const text = JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title ?? 'Posts',
    home_page_url: `${root}/`,
    feed_url: `${root}${feed.path}`,
    items: feed.posts.map((post) => ({
      id: post.id,
      url: post.link,
      ...(post.title === null ? {} : { title: post.title }),
      content_html: post.html,
      ...(post.published ? { date_published: post.published.toISOString() } : {}),
      ...(post.updated ? { date_modified: post.updated.toISOString() } : {}),
      ...(post.author === null ? {} : { authors: [{ name: post.author }] }),
      attachments: post.enclosures.map(({ url, type, bytes }) => ({ url, mime_type: type, size_in_bytes: bytes })),
    })),
  })
  return { text, type: 'application/feed+json' }
}
