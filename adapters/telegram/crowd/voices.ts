/** How a customer acts in each kind of place, and how they know that an answer is for them. */
import type { Acted, Channel, Customer, Group, LedgerEntry, Person } from '../simulator.ts'
import type { Act } from './people.ts'

export interface Voice {
  does(act: Act): void
  isMeant(entry: LedgerEntry): boolean
}

export function inPrivate(customer: Customer): Voice {
  let last = 0
  return {
    does(act) {
      if ('says' in act) last = customer.says(act.says).messageId
      else if ('photo' in act) last = customer.sendsPhoto(undefined, act.photo).messageId
      else if ('edits' in act) customer.edits(last, act.edits)
      else if ('blocks' in act) customer.blocks()
      else customer.sendsAlbum(act.album.map((caption) => (caption === null ? {} : { caption })))
    },
    isMeant: ({ chatId }) => chatId === String(customer.chat.id),
  }
}

export function inGroup(group: Group, person: Person, topic: number | null): Voice {
  const place = topic === null ? {} : { topic }
  return amongOthers(group, {
    says: (text, answers) => group.says(person, text, { ...place, ...answers }),
    shows: (caption, answers) => group.sendsPhoto(person, caption, { ...place, ...answers }),
  })
}

export function commenter(channel: Channel, person: Person, copyId: number): Voice {
  return amongOthers(channel.group!, {
    says: (text, answers) => channel.comments(person, copyId, text, answers),
    shows: (caption, answers) => channel.group!.sendsPhoto(person, caption, { answers: copyId, ...answers }),
  })
}

interface Means {
  says(text: string, answers: { readonly answers?: number }): Acted
  shows(caption: string, answers: { readonly answers?: number }): Acted
}

/** Where everybody reads along, an answer is for whom it answers; and they answer it in turn. */
function amongOthers(group: Group, { says, shows }: Means): Voice {
  const mine = new Set<number>()
  let heard: { answers?: number } = {}
  let last = 0
  return {
    does(act) {
      if ('says' in act) last = says(act.says, heard).messageId
      else if ('photo' in act) last = shows(act.photo, heard).messageId
      else if ('edits' in act) group.edits(last, act.edits)
      // Nobody blocks a bot in a group, or sends it an album.
      else return
      mine.add(last)
    },
    isMeant({ chatId, replyTo, messageId }) {
      const meant = chatId === String(group.chat.id) && replyTo !== null && mine.has(replyTo)
      if (meant && messageId !== null) heard = { answers: messageId }
      return meant
    },
  }
}
