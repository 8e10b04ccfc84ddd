/**
 * Where a brand wants a result before a ticket is resolved, whatever resolves it (a key, the palette, the list of statuses)
 * asks for one instead of being refused. The head of the open ticket has the form.
 */

import { keys } from '../api/keys.ts'
import type { TicketDetail } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'

type Form = (onResolve: () => void) => void
const forms = new Map<string, Form>()

/** Returns what takes it away again. */
export function offerForm(ticketId: string, form: Form): () => void {
  forms.set(ticketId, form)
  return () => {
    if (forms.get(ticketId) === form) forms.delete(ticketId)
  }
}

/** True: the form is shown, and `onResolve` follows once there is a result. */
export function asksForResult(ticketId: string, onResolve: () => void): boolean {
  const together = queryClient.getQueryData<TicketDetail>(keys.detail(ticketId))?.together
  const form = forms.get(ticketId)
  if (!form || !together?.resultNeeded || together.results.length > 0) return false
  form(onResolve)
  return true
}
