/** Who the visitor is to the door: signed by the site, or a stranger with a token of ours that is kept here. */
import type { Session } from '../wire.ts'
import { call, pause, post, Refused, setToken } from './call.ts'
import { read, write } from './store.ts'

export type Entry = { readonly session: Session } | { readonly refused: 'signIn' | 'refused' }

/** Whose token it is, as it says itself: to keep apart what people at the same machine wrote. The door looks for itself. */
export function ownerOf(signed: string): string {
  if (signed === '') return ''
  try {
    const claims = signed.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/')
    return `u:${String((JSON.parse(atob(claims)) as { sub?: unknown }).sub)}`
  } catch {
    return 'u:'
  }
}

/** `signed`: what the page gave; empty: nothing. Tries until the door answers. */
export async function enter(signed: string): Promise<Entry> {
  for (let tries = 0; ; tries += 1) {
    const own = signed || read<string>('token')
    setToken(own)
    try {
      const session = (await (await post('session', {})).json()) as Session
      if (session.token !== null) {
        setToken(session.token)
        write('token', session.token)
      }
      return { session }
    } catch (error) {
      if (error instanceof Refused && error.status === 403) return { refused: 'signIn' }
      if (error instanceof Refused && error.status === 401) {
        if (signed !== '') return { refused: 'refused' }
        // Made with a key that is not the account's any more.
        write('token', null)
      }
      await pause(tries, (error instanceof Refused && error.waitMs) || 0)
    }
  }
}

export const saysTyping = () =>
  void call('typing', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).catch(() => {})
