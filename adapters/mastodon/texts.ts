/** What the agent and the administrator read. */
import type { Bilingual } from '#channel/errors.ts'

export const texts = {
  away: { en: 'The Mastodon server cannot be reached.', zh: '无法连接到 Mastodon 实例。' },
  unclear: {
    en: 'The Mastodon server gave no clear answer: the post may or may not be there.',
    zh: 'Mastodon 实例没有给出明确答复：帖子可能已发出，也可能没有。',
  },
  noServer: {
    en: 'At this address no Mastodon server answers. Check the address of the server.',
    zh: '该地址没有 Mastodon 实例响应，请检查实例地址。',
  },
  credentials: {
    en: 'The Mastodon server refuses the access token. Make a new one and enter it.',
    zh: 'Mastodon 实例拒绝了访问令牌，请重新生成并填写。',
  },
  suspended: {
    en: 'The Mastodon account is disabled, or waits to be confirmed or approved.',
    zh: '该 Mastodon 账号已被停用，或仍在等待确认或审核。',
  },
  scopes: {
    en: 'The access token may not read notifications or posts. It needs the scopes read and write.',
    zh: '访问令牌无权读取通知或帖子，需要 read 和 write 权限。',
  },
  permission: {
    en: 'The account may not do this: the server forbids it, or the token lacks the scope write.',
    zh: '该账号无权执行此操作：实例不允许，或令牌缺少 write 权限。',
  },
  gone: {
    en: 'The post that is answered cannot be seen any more: it was deleted, or its author or server blocked the account.',
    zh: '要回复的帖子已无法查看：可能已被删除，或对方及其实例已屏蔽本账号。',
  },
  tooLong: {
    en: 'Too long for this server, with the mention and the content warning counted in.',
    zh: '加上提及和内容警告后，超出了该实例的字数上限。',
  },
  mentionsOthers: {
    en: 'A private answer may name nobody but the person it goes to: whoever is named could read it.',
    zh: '私信回复只能提及对方本人：被提及的其他人都能看到内容。',
  },
  media: {
    en: 'The server refuses the file, or files of these kinds in one post.',
    zh: '实例拒绝了该文件，或不允许在同一帖子中附带这些类型的文件。',
  },
  converting: {
    en: 'The server is still converting the file; it is posted when that is done.',
    zh: '实例仍在处理该文件，处理完成后会发出。',
  },
  invalid: { en: 'The Mastodon server refuses the post.', zh: 'Mastodon 实例拒绝了该帖子。' },
  noParent: { en: 'There is no post here to answer.', zh: '这里没有可以回复的帖子。' },
  fileLost: { en: 'The file leads nowhere.', zh: '该文件的地址无效。' },
  busy: { en: 'The Mastodon server asks us to wait.', zh: 'Mastodon 实例要求稍后再试。' },
} satisfies Readonly<Record<string, Bilingual>>
