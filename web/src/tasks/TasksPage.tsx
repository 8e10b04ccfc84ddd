import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { tasksQuery } from '../api/queries.ts'
import { Page } from '../shell/Page.tsx'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { TaskCard } from './TaskCard.tsx'
import styles from './Tasks.module.css'
import { readTaskView, type TaskView, taskQueryOf, taskViews } from './views.ts'

/** What is to be done, over all tickets: who has to be called, and by when. */
export function TasksPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const view = readTaskView(useSearch({ strict: false }))
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    tasksQuery(taskQueryOf(view)),
  )
  const tasks = data?.pages.flatMap((page) => page.tasks) ?? []
  const go = (next: TaskView) => navigate({ to: '/tasks', search: next === 'due' ? {} : { show: next } })
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
