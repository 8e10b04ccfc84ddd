/** What can be done with a task. What an answer brings is read again by everything that shows it. */
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { Task } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'

async function act(task: Task, path: string, method: 'POST' | 'PATCH', body: unknown): Promise<Task> {
  try {
    const answer = await request<{ task: Task }>(`/api/tasks/${task.id}${path}`, { method, body })
    return answer.task
  } finally {
    // Also after a refusal: somebody else was quicker.
    queryClient.invalidateQueries({ queryKey: keys.tasks })
    queryClient.invalidateQueries({ queryKey: keys.ticket(task.ticket.id) })
  }
}

export const finishTask = (task: Task, text: string) => act(task, '/done', 'POST', { text })
export const tryAgain = (task: Task, dueAt: string, note: string) =>
  act(task, '/again', 'POST', { dueAt, ...(note === '' ? {} : { note }) })
export const cancelTask = (task: Task) => act(task, '/cancel', 'POST', {})
export const takeTask = (task: Task) => act(task, '', 'PATCH', { assignee: 'me' })
