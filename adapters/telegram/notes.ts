/** What an administrator should know of the places the bot works in: told at once, and by each check while it is news. */
import type { Bilingual } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import { nameOfChat } from './context.ts'
import { inPieces, joined } from './pieces.ts'
import type { MyChatMember } from './types.ts'

export type Trouble = 'removed' | 'muted' | 'disconnected' | 'readOnly'

export interface Note {
  /** The group, channel or business account. */
  readonly about: string
  readonly trouble: Trouble
}

export interface Notes {
  /** Null: all is well there again. */
  set(place: string, note: Note | null): Promise<void>
  /** All of them in one text; null when there are none. */
  read(): Promise<Bilingual | null>
}

/** Whoever reads it for so long has read it: a bot may be taken out of a group on purpose. */
const newsMs = 7 * 86_400_000
/** The newest ones. */
const most = 20

interface Kept {
  readonly about: readonly string[]
  readonly trouble: Trouble
  readonly at: number
}

export function createNotes(tools: Tools): Notes {
  const fresh = (kept: string | null): { readonly [place: string]: Kept } => {
    const all = kept === null ? {} : (JSON.parse(kept) as { [place: string]: Kept })
    const since = tools.now().getTime() - newsMs
    return Object.fromEntries(Object.entries(all).filter(([, { at }]) => at > since))
  }
  return {
    async set(place, note) {
      const known = fresh(await tools.state.get('notes'))[place]
      // Most changes are no news of trouble: those take no lease.
      if (known?.trouble === note?.trouble) return
      await tools.state.exclusive('notes', async (current) => {
        const { [place]: _, ...others } = fresh(current)
        const at = tools.now().getTime()
        const about = inPieces(note?.about.slice(0, 60) ?? '')
        const next = note ? { ...others, [place]: { about, trouble: note.trouble, at } } : others
        const newest = Object.entries(next).sort(([, a], [, b]) => b.at - a.at)
        await tools.state.set('notes', JSON.stringify(Object.fromEntries(newest.slice(0, most))))
      })
      if (note) await tools.health({ state: 'warning', text: inWords([note]) })
    },
    async read() {
      const notes = Object.values(fresh(await tools.state.get('notes')))
      if (notes.length === 0) return null
      return inWords(notes.map(({ about, trouble }) => ({ about: joined(about), trouble })))
    },
  }
}

function inWords(notes: readonly Note[]): Bilingual {
  return {
    en: notes.map(({ about, trouble }) => `${about}: ${troubles[trouble].en}`).join(' '),
    zh: notes.map(({ about, trouble }) => `${about}：${troubles[trouble].zh}`).join(''),
  }
}

const troubles: Readonly<Record<Trouble, Bilingual>> = {
  removed: {
    en: 'the bot was removed, and neither sees what is written there nor can answer.',
    zh: '机器人已被移出，无法看到其中的消息，也无法回复。',
  },
  muted: {
    en: 'the bot may not write there. An administrator of it can allow it.',
    zh: '机器人没有发言权限，可由其管理员开启。',
  },
  disconnected: {
    en: 'the business account has disconnected the bot.',
    zh: '商业账号已断开该机器人。',
  },
  readOnly: {
    en: 'the business account lets the bot read but not reply.',
    zh: '商业账号只允许该机器人读取，不允许回复。',
  },
}

/** https://core.telegram.org/bots/api#chatmember, read 2026-11-24 */
export function membershipNote({ chat, new_chat_member: now }: MyChatMember): Note | null {
  const about = nameOfChat(chat)
  const out = now.status === 'kicked' || now.status === 'left' || (now.status === 'restricted' && !now.is_member)
  if (out) return { about, trouble: 'removed' }
  const silenced =
    (now.status === 'restricted' && now.can_send_messages === false) ||
    (chat.type === 'channel' && now.status === 'administrator' && now.can_post_messages !== true)
  return silenced ? { about, trouble: 'muted' } : null
}
