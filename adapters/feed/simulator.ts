/** A site with feeds, on loopback: four formats, Chinese encodings, conditional answers, and everything that goes wrong. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { encode } from './simulator/encode.ts'
import { picture } from './simulator/picture.ts'
import { recording } from './simulator/recording.ts'
import { render } from './simulator/render.ts'
import type { Fault, FeedOptions, FeedState, Post, Served } from './simulator/state.ts'

export type { Fault, FeedOptions, Post, Served } from './simulator/state.ts'

export interface SimulatedFeed {
  readonly url: string
  readonly posts: readonly Post[]
  /** Newest first. What is left out is made up; `picture` adds one of the site's own to the words. */
  post(given: Partial<Post> & { readonly html: string; readonly picture?: boolean }): Post
  /** The words change; `silently`: the feed says nothing of it. */
  edit(id: string, html: string, options?: { readonly silently?: boolean; readonly at?: Date }): void
  remove(id: string): void
  reorder(order: (posts: readonly Post[]) => readonly Post[]): void
  /** The next answer is this; with `always` all of them. */
  fault(fault: Fault): void
  /** All is well again. */
  mend(): void
  /** A document as it is. */
  serve(document: Uint8Array | string): void
}

export interface FeedSimulator {
  readonly url: string
  readonly served: readonly Served[]
  feed(options: FeedOptions): SimulatedFeed
  close(): Promise<void>
}

export async function startFeedSimulator(): Promise<FeedSimulator> {
  const feeds = new Map<string, FeedState>()
  const served: Served[] = []
  let root = ''
  let posted = 0

  const server = createServer((request, response) => {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', root)
    const { headers } = request
    response.on('close', () =>
      served.push({
        path: pathname,
        query: search,
        status: response.statusCode,
        ifNoneMatch: headers['if-none-match'] ?? null,
        ifModifiedSince: headers['if-modified-since'] ?? null,
        referer: headers.referer ?? null,
      }),
    )
    const feed = feeds.get(pathname)
    if (feed) return answer(feed, { request, response, root, key: searchParams.get('key') })
    if (pathname.startsWith('/pictures/')) return end(response, 200, { 'content-type': 'image/png' }, picture)
    if (pathname.startsWith('/recordings/')) return end(response, 200, { 'content-type': 'audio/wav' }, recording)
    end(response, 404, { 'content-type': 'text/html' }, '<!doctype html><h1>404</h1>')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    get url() {
      return root
    },
    served,
    feed(options) {
      const state: FeedState = { ...options, posts: [], version: 0, changedAt: new Date(), faults: [], verbatim: null }
      feeds.set(options.path, state)
      const change = () => {
        state.version += 1
        state.changedAt = new Date()
      }
      const find = (id: string) => state.posts.find((post) => post.id === id)
      return {
        url: `${root}${options.path}`,
        posts: state.posts,
        post({ picture: withPicture = false, html, ...given }) {
          posted += 1
          const id = given.id ?? `post-${posted}`
          const image = withPicture ? `<br><img src="/pictures/${posted}.png" width="600">` : ''
          const post: Post = {
            title: null,
            author: null,
            link: `${root}/posts/${posted}`,
            published: new Date(),
            updated: null,
            enclosures: [],
            ...given,
            id,
            html: `${html}${image}`,
          }
          state.posts.unshift(post)
          change()
          return post
        },
        edit(id, html, { silently = false, at = new Date() } = {}) {
          const post = find(id)
          if (!post) return
          post.html = html
          if (!silently) post.updated = at
          change()
        },
        remove(id) {
          const index = state.posts.findIndex((post) => post.id === id)
          if (index >= 0) state.posts.splice(index, 1)
          change()
        },
        reorder(order) {
          state.posts.splice(0, state.posts.length, ...order([...state.posts]))
          change()
        },
        fault: (fault) => void state.faults.push(fault),
        mend: () => void state.faults.splice(0),
        serve(document) {
          state.verbatim = document
          change()
        },
      }
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Asked {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly root: string
  readonly key: string | null
}

function answer(feed: FeedState, { request, response, root, key }: Asked): void {
  const [fault] = feed.faults
  if (fault && !('always' in fault)) feed.faults.shift()
  if (fault?.kind === 'status') return end(response, fault.status, fault.headers ?? {}, fault.body ?? '')
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'page') return end(response, 200, { 'content-type': 'text/html; charset=utf-8' }, loginPage)
  if (feed.key !== undefined && key !== feed.key) return end(response, 403, {}, 'Forbidden')
  const { charset = 'utf-8', verbatim, cacheControl } = feed
  const { text, type } = render(feed, root)
  const body = verbatim === null ? encode(text, charset) : Buffer.from(verbatim)
  // As nginx names what it packed: weakly.
  const etag = `W/"${createHash('sha1').update(body).digest('hex').slice(0, 16)}-${feed.version}"`
  const modified = feed.changedAt.toUTCString()
  const said = feed.said === undefined ? charset : feed.said
  const headers = {
    etag,
    'last-modified': modified,
    ...(cacheControl === undefined ? {} : { 'cache-control': cacheControl }),
    'content-type': said === null ? type : `${type}; charset=${said}`,
  }
  // https://www.rfc-editor.org/rfc/rfc9110#section-13.1.3, as known on 2026-11-25: the date counts only without a name.
  const match = request.headers['if-none-match']
  const same = match === undefined ? request.headers['if-modified-since'] === modified : match === etag
  if (same) return end(response, 304, { etag }, '')
  if (fault?.kind === 'cut') {
    response.writeHead(200, { ...headers, 'content-length': body.length + 10 })
    response.write(body.subarray(0, body.length / 2), () => response.destroy())
    return
  }
  if (!/\bgzip\b/u.test(request.headers['accept-encoding'] ?? '')) return end(response, 200, headers, body)
  end(response, 200, { ...headers, 'content-encoding': 'gzip' }, gzipSync(body))
}

function end(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
) {
  response.writeHead(status, headers).end(body)
}

const loginPage =
  '<!DOCTYPE html><html><head><title>登录</title></head><body><form><input name="user"></form></body></html>'
