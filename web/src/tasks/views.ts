/** Which tasks a page shows. Pure. */
export const taskViews = ['due', 'mine', 'open', 'done', 'returned'] as const
export type TaskView = (typeof taskViews)[number]
export type TaskListQuery = Readonly<Record<string, string>>

export function readTaskView(raw: Readonly<Record<string, unknown>>): TaskView {
  return taskViews.find((view) => view === raw.show) ?? 'due'
}

export const taskQueryOf = (view: TaskView, department?: string): TaskListQuery => ({
  ...(view === 'due' ? { due: 'now' } : view === 'mine' ? { assignee: 'me' } : { state: view }),
  ...(department ? { department } : {}),
})

/** A department's id, as it stands in the address. */
export const readDepartment = (raw: Readonly<Record<string, unknown>>): string | undefined =>
  typeof raw.department === 'string' && /^[\w-]{1,50}$/u.test(raw.department) ? raw.department : undefined
