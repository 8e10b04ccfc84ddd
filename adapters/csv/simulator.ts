/** An export tool: makes the files that people bring, in the ways such tools and Excel write them. */
import { encode } from './simulator/encode.ts'

export interface ExportedRow {
  readonly id?: string
  readonly author: string
  readonly text: string
  readonly sentAt: Date
  readonly postId?: string
  readonly postTitle?: string
  readonly url?: string
}

export interface ExportOptions {
  readonly separator?: ',' | ';' | '\t'
  readonly encoding?: 'utf-8' | 'utf-8-mark' | 'gb18030'
  readonly newline?: '\n' | '\r\n'
}

const headings = ['评论ID', '用户昵称', '评论内容', '评论时间', '笔记ID', '笔记标题', '链接']

/** Times are written as clocks in China show them. */
export function exportFile(rows: readonly ExportedRow[], options: ExportOptions = {}): Uint8Array {
  const { separator = ',', encoding = 'utf-8-mark', newline = '\r\n' } = options
  const lines = rows.map(({ id = '', author, text, sentAt, postId = '', postTitle = '', url = '' }) => [
    id,
    author,
    text,
    inChina(sentAt),
    postId,
    postTitle,
    url,
  ])
  const quote = (cell: string) =>
    cell.includes(separator) || /["\r\n]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
  const text = [headings, ...lines].map((cells) => cells.map(quote).join(separator) + newline).join('')
  return encode(text, encoding)
}

const inChina = (at: Date) => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
