/** Hands a reply or a note in. What was written is let go only when the server has it. */
import { isWorthRepeating } from '../api/problem.ts'
import { request } from '../api/request.ts'
import type { Message, NewAnswered, NewReply } from '../api/wire.ts'
import { type Attempt, attemptFor } from './attempt.ts'
import { changeDraft, draftOf, type NoteBody } from './draft-store.ts'

/** A short break of the network is waited out; after that the agent is told. Milliseconds before each repeat. */
const pausesMs = [1_000, 3_000]

export async function submitReply(ticketId: string, wanted: NewReply): Promise<Message> {
  const attempt = attemptFor(draftOf(ticketId).attempt, wanted)
  changeDraft(ticketId, { attempt })
  const message = await handIn(`/api/tickets/${ticketId}/replies`, attempt, () =>
    changeDraft(ticketId, { attempt: null }),
  )
  changeDraft(ticketId, { reply: '', files: [], inReplyTo: null, sendAt: null })
  return message
}

export async function submitNote(ticketId: string, wanted: NoteBody): Promise<Message> {
  const attempt = attemptFor(draftOf(ticketId).noteAttempt, wanted)
  changeDraft(ticketId, { noteAttempt: attempt })
  const message = await handIn(`/api/tickets/${ticketId}/notes`, attempt, () =>
    changeDraft(ticketId, { noteAttempt: null }),
  )
  changeDraft(ticketId, { note: '', noteFiles: [] })
  return message
}

/** The form keeps its own attempt: it is gone with the form. */
export async function submitAnswered(
  ticketId: string,
  wanted: NewAnswered,
  last: { current: Attempt<NewAnswered> | null },
): Promise<Message> {
  const attempt = attemptFor(last.current, wanted)
  last.current = attempt
  return handIn(`/api/tickets/${ticketId}/answered`, attempt, () => {
    last.current = null
  })
}

/** `onAnswer`: there was an answer, whatever it said, and the next request is another one. */
async function handIn(path: string, { key, body }: Attempt<object>, onAnswer: () => void): Promise<Message> {
  const call = () => request<{ message: Message }>(path, { method: 'POST', body, headers: { 'idempotency-key': key } })
  try {
    const { message } = await repeat(call)
    onAnswer()
    return message
  } catch (error) {
    if (!isWorthRepeating(error)) onAnswer()
    throw error
  }
}

async function repeat<T>(call: () => Promise<T>): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await call()
    } catch (error) {
      if (!isWorthRepeating(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  return call()
}
