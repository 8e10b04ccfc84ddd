/** Weibo's objects as its lists give them. https://open.weibo.com/wiki/2/statuses/mentions, read 2026-11-24 */
import type { Person, Post, Remark } from './state.ts'

/** `Mon Jul 16 18:09:20 +0800 2012` */
export function weiboTime(at: Date): string {
  const beijing = new Date(at.getTime() + 8 * 3_600_000)
  const [weekday, , month] = beijing.toUTCString().replace(',', '').split(' ')
  const two = (value: number) => String(value).padStart(2, '0')
  const clock = [beijing.getUTCHours(), beijing.getUTCMinutes(), beijing.getUTCSeconds()].map(two).join(':')
  return `${weekday} ${month} ${two(beijing.getUTCDate())} ${clock} +0800 ${beijing.getUTCFullYear()}`
}

/** A number of 64 bits in JSON, which `JSON.stringify` has not. */
const mark = '\u0001'
export const big = (id: string): string => `${mark}${id}`
export const toJson = (value: unknown): string => JSON.stringify(value).replace(/"\\u0001(\d+)"/gu, '$1')

const deletedText = '抱歉，此微博已被作者删除。查看帮助：http://t.cn/Rfd3rQV'

export function userOf(person: Person, root: string): object {
  return {
    id: big(person.uid),
    idstr: person.uid,
    screen_name: person.name,
    name: person.name,
    profile_image_url: `${root}/avatar/${person.uid}.png`,
    avatar_large: `${root}/avatar/${person.uid}.png`,
    followers_count: person.followers ?? 12,
    verified: false,
  }
}

export function postOf(post: Post, root: string): object {
  const common = {
    id: big(post.id),
    idstr: post.id,
    mid: post.id,
    created_at: weiboTime(post.at),
    source: '<a href="http://app.weibo.com/t/feed/6vtZb0" rel="nofollow">微博网页版</a>',
  }
  if (post.deleted) return { ...common, text: deletedText, deleted: '1' }
  return {
    ...common,
    text: post.longText === null ? post.text : `${[...post.text].slice(0, 130).join('')}...全文`,
    ...(post.longText === null ? {} : { isLongText: true, longText: { longTextContent: post.longText } }),
    user: userOf(post.author, root),
    pic_urls: post.pictures.map((name) => ({ thumbnail_pic: `${root}/thumbnail/${name}` })),
    url_objects: post.links.map(({ short, long }) => ({
      url_ori: short,
      info: { url_short: short, url_long: long, type: 0, result: true },
    })),
    geo: null,
    ...(post.reposted ? { retweeted_status: postOf(post.reposted, root) } : {}),
  }
}

export function remarkOf(remark: Remark, root: string, nested = true): object {
  return {
    created_at: weiboTime(remark.at),
    id: big(remark.id),
    idstr: remark.id,
    mid: remark.id,
    text: remark.text,
    source: '<a href="http://app.weibo.com/t/feed/6vtZb0" rel="nofollow">iPhone客户端</a>',
    user: userOf(remark.author, root),
    ...(remark.picture ? { pic: { pid: remark.picture, url: `${root}/orj360/${remark.picture}` } } : {}),
    ...(nested ? { status: postOf(remark.under, root) } : {}),
    ...(nested && remark.answers ? { reply_comment: remarkOf(remark.answers, root, false) } : {}),
  }
}
