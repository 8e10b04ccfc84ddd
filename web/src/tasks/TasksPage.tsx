import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { tasksQuery } from '../api/queries.ts'
import { Page } from '../shell/Page.tsx'
import { departmentsQuery } from '../together/api.ts'
import { useName } from '../together/name.ts'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Select } from '../ui/Select.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { TaskCard } from './TaskCard.tsx'
import styles from './Tasks.module.css'
import { readDepartment, readTaskView, type TaskView, taskQueryOf, taskViews } from './views.ts'

const everything = 'all'
const searchOf = (view: TaskView, department: string | undefined) => ({
  ...(view === 'due' ? {} : { show: view }),
  ...(department ? { department } : {}),
})

/** What is to be done, over all tickets: who has to be called, and by when. */
export function TasksPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  const view = readTaskView(search)
  const department = readDepartment(search)
  const nameOf = useName()
  const { data: departments = [] } = useQuery(departmentsQuery)
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    tasksQuery(taskQueryOf(view, department)),
  )
  const tasks = data?.pages.flatMap((page) => page.tasks) ?? []
  const go = (next: TaskView) => navigate({ to: '/tasks', search: searchOf(next, department) })
  return (
    <Page title={t('task.title')} intro={t('task.intro')}>
      <div>
        <Segments<TaskView>
          label={t('task.show')}
          value={view}
          onChange={go}
          choices={taskViews.map((value) => ({ value, label: t(`task.view.${value}`) }))}
        />
      </div>
      {departments.some(({ open }) => open > 0) && (
        <div>
          <Select
            label={t('department.filter')}
            value={department ?? everything}
            onChange={(id) => navigate({ to: '/tasks', search: searchOf(view, id === everything ? undefined : id) })}
            choices={[
              { value: everything, label: `${t('department.filter')}: ${t('department.all')}` },
              ...departments
                .filter(({ id, archived, open }) => !archived || open > 0 || id === department)
                .map((one) => ({
                  value: one.id,
                  label: [
                    nameOf(one),
                    ...(one.open > 0 ? [t('department.openTasks', { count: one.open })] : []),
                    ...(one.late > 0 ? [t('department.late', { count: one.late })] : []),
                  ].join(' · '),
                })),
            ]}
          />
        </div>
      )}
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      {data && tasks.length === 0 && (
        <Empty
          icon="done"
          title={t(`task.empty.${view}`)}
          action={
            view === 'due' && (
              <Button small onClick={() => go('open')}>
                {t('task.view.open')}
              </Button>
            )
          }
        >
          {t('task.emptyHelp')}
        </Empty>
      )}
      <ul className={styles.list}>
        {tasks.map((task) => (
          <li key={task.id}>
            <TaskCard task={task} withTicket />
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <div>
          <Button busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
            {t('common.more')}
          </Button>
        </div>
      )}
    </Page>
  )
}
