/** Which tasks a page shows. Pure. */
export const taskViews = ['due', 'mine', 'open', 'done'] as const
export type TaskView = (typeof taskViews)[number]
export type TaskListQuery = Readonly<Record<string, string>>

export function readTaskView(raw: Readonly<Record<string, unknown>>): TaskView {
  return taskViews.find((view) => view === raw.show) ?? 'due'
}

export const taskQueryOf = (view: TaskView): TaskListQuery => {
  if (view === 'due') return { due: 'now' }
  return view === 'mine' ? { assignee: 'me' } : { state: view }
}
