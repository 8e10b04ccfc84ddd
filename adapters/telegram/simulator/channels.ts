/** A channel, and the group where its posts are discussed. */
import { type Acted, arrive, captioned, edit, photo, quoted } from './arriving.ts'
import { type Group, groupOf, type Saying, standIns } from './groups.ts'
import { type BotState, type ChatInfo, type ChatState, chatOf, type Person, type StoredMessage } from './state.ts'

export interface Posted {
  readonly post: Acted
  /** The copy in the discussion group; null without one. */
  readonly copy: Acted | null
}

export interface Channel {
  readonly chat: ChatInfo
  /** Null: nobody can comment. */
  readonly group: Group | null
  posts(text: string, options?: { readonly signature?: string }): Posted
  /** One post and one copy a picture, as everywhere. */
  postsAlbum(captions: readonly (string | null)[]): Posted[]
  /** Something of another channel's, passed on: the copy names where it came from. */
  passesOn(from: ChatInfo, messageId: number, text: string): Posted
  edits(messageId: number, text: string): Acted
  /** `copyId`: of the post's copy. With `answers`, an answer to another comment, which no longer shows the post. */
  comments(person: Person, copyId: number, text: string, options?: Pick<Saying, 'answers'>): Acted
}

export function channelOf(bot: BotState, info: ChatInfo, discussion: ChatInfo | null): Channel {
  const chat = chatOf(bot, info)
  const group = discussion ? chatOf(bot, discussion) : null

  function post(content: Readonly<Record<string, unknown>>, album: string | null): Posted {
    const grouped = album === null ? {} : { media_group_id: album }
    const posted = arrive(bot, chat, { sender_chat: info, ...content, ...grouped }, 'channel_post')
    return { post: posted, copy: group ? copy(bot, group, info, chat.messages.get(posted.messageId)!, album) : null }
  }

  return {
    chat: info,
    group: discussion ? groupOf(bot, discussion) : null,
    posts: (text, { signature } = {}) => post({ text, ...(signature ? { author_signature: signature } : {}) }, null),
    postsAlbum(captions) {
      const album = String(bot.files.size + 13_000_000_000)
      return captions.map((caption) => post({ ...photo(bot, undefined), ...captioned(caption ?? undefined) }, album))
    },
    passesOn(from, messageId, text) {
      const date = Math.floor(Date.now() / 1000) - 3600
      return post({ text, forward_origin: { type: 'channel', chat: from, message_id: messageId, date } }, null)
    },
    edits: (messageId, text) => edit(bot, chat, messageId, text, 'edited_channel_post'),
    comments(person, copyId, text, { answers = copyId } = {}) {
      if (!group) throw new Error('nobody can comment on this channel')
      const place = { message_thread_id: copyId, reply_to_message: quoted(group, answers) }
      return arrive(bot, group, { from: { is_bot: false, ...person }, ...place, text }, 'message')
    },
  }
}

function copy(bot: BotState, group: ChatState, channel: ChatInfo, post: StoredMessage, album: string | null): Acted {
  const { message_id, date, chat: _, sender_chat: __, author_signature: ___, forward_origin, ...content } = post
  return arrive(
    bot,
    group,
    {
      from: standIns.service,
      sender_chat: channel,
      is_automatic_forward: true,
      forward_origin: forward_origin ?? { type: 'channel', chat: channel, message_id, date },
      ...content,
      // Albums are counted per chat.
      ...(album === null ? {} : { media_group_id: `${album}9` }),
    },
    'message',
  )
}
