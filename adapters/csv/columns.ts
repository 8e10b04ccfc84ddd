/** What a row may tell, and how exports call it. */
import type { ImportField, ImportMapping } from '#channel/import.ts'

export const fieldNames = ['text', 'author', 'authorId', 'sentAt', 'url', 'id', 'postId', 'postTitle'] as const
export type FieldName = (typeof fieldNames)[number]

interface Field extends ImportField {
  readonly name: FieldName
  /** Headings that mean it, the surest first; compared without case, spaces and signs. */
  readonly headings: string
}

const list: readonly Field[] = [
  {
    name: 'text',
    required: true,
    title: { en: 'Text', zh: '内容' },
    help: { en: 'What the person wrote.', zh: '用户写的内容。' },
    headings:
      '评论内容 私信内容 留言内容 回复内容 评论正文 笔记内容 作品内容 内容 正文 文本 留言 评论 comment text content message body commenttext commentcontent',
  },
  {
    name: 'author',
    required: true,
    title: { en: 'Author', zh: '作者' },
    help: { en: 'The name the person has there.', zh: '用户在平台上的昵称。' },
    headings:
      '用户昵称 评论人昵称 评论者昵称 评论用户 评论人 评论者 作者昵称 昵称 用户名 用户名称 作者 用户 发布人 nickname author username authorname user name from commenter',
  },
  {
    name: 'authorId',
    required: false,
    title: { en: 'Author’s ID', zh: '作者 ID' },
    help: { en: 'Tells two people of one name apart.', zh: '用于区分同名用户。' },
    headings:
      '用户id 评论人id 评论者id 作者id uid 抖音号 小红书号 快手号 账号id 用户编号 authorid userid accountid openid',
  },
  {
    name: 'sentAt',
    required: false,
    title: { en: 'Time', zh: '时间' },
    help: {
      en: 'When it was written. Without a column: the time of the import.',
      zh: '发布时间。没有对应列时使用导入时间。',
    },
    headings:
      '评论时间 发布时间 发表时间 留言时间 创建时间 回复时间 时间 日期 date time createdat created timestamp publishedat published datetime createtime commenttime',
  },
  {
    name: 'url',
    required: false,
    title: { en: 'Address', zh: '链接' },
    help: { en: 'Of the comment or the post: “Open on …” leads there.', zh: '评论或原帖的链接，用于“打开原帖”。' },
    headings: '评论链接 笔记链接 视频链接 作品链接 帖子链接 原文链接 链接 网址 地址 url link permalink posturl address',
  },
  {
    name: 'id',
    required: false,
    title: { en: 'ID', zh: '编号' },
    help: {
      en: 'Of the comment. Without a column: author, text, time and post tell whether it is there already.',
      zh: '评论的编号。没有对应列时，根据作者、内容、时间和原帖判断是否已导入。',
    },
    headings: '评论id 私信id 消息id 留言id 评论编号 编号 id commentid messageid externalid cid',
  },
  {
    name: 'postId',
    required: false,
    title: { en: 'Post’s ID', zh: '原帖 ID' },
    help: { en: 'The post, note or video it stands under.', zh: '所在的笔记、作品或视频的编号。' },
    headings: '笔记id 作品id 视频id 帖子id 内容id 笔记编号 作品编号 postid noteid videoid itemid awemeid threadid',
  },
  {
    name: 'postTitle',
    required: false,
    title: { en: 'Post’s title', zh: '原帖标题' },
    help: { en: 'Shown above the text, as what it is about.', zh: '显示在内容上方，说明评论的对象。' },
    headings: '笔记标题 作品标题 视频标题 帖子标题 作品名称 标题 title posttitle notetitle videotitle itemtitle',
  },
]

export const fields: readonly ImportField[] = list.map(({ headings: _, ...field }) => field)
export const titleOf = (name: FieldName) => list.find((field) => field.name === name)!.title

const byHeading = new Map<string, { readonly name: FieldName; readonly rank: number }>()
for (const { name, headings } of list) {
  for (const [rank, heading] of headings.split(' ').entries()) {
    if (!byHeading.has(heading)) byHeading.set(heading, { name, rank })
  }
}

const plain = (heading: string) =>
  heading
    .normalize('NFKC')
    .toLowerCase()
    // “评论内容（必填）”: what stands in brackets explains.
    .replace(/\([^)]*\)|\[[^\]]*\]|【[^】]*】/gu, '')
    .replace(/[^\p{L}\p{N}]/gu, '')

export const fieldOf = (heading: string): FieldName | null => byHeading.get(plain(heading))?.name ?? null

/** Each column for one field at most; of two columns the surer heading, then the first. */
export function guessMapping(columns: readonly string[]): ImportMapping {
  const best = new Map<FieldName, { readonly index: number; readonly rank: number }>()
  for (const [index, heading] of columns.entries()) {
    const found = byHeading.get(plain(heading))
    if (found && found.rank < (best.get(found.name)?.rank ?? Number.POSITIVE_INFINITY)) {
      best.set(found.name, { index, rank: found.rank })
    }
  }
  return Object.fromEntries([...best].map(([name, { index }]) => [name, index]))
}
