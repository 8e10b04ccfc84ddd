import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Task } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { useMe } from '../shell/use-me.ts'
import { cancelTask, finishTask, takeTask } from '../tasks/actions.ts'
import { Button } from '../ui/Button.tsx'
import { toast } from '../ui/toast.ts'
import { returnTask } from './api.ts'
import styles from './Together.module.css'
import { WordsDialog } from './WordsDialog.tsx'

/** What can be done with an open task of a department: take it, hand in the result, give it back, take it back. */
export function DepartmentTask({ task }: { readonly task: Task }) {
  const { t } = useTranslation()
  const me = useMe()
  const [asks, setAsks] = useState<'result' | 'return' | null>(null)
  const onError = (error: unknown) => toast(problemText(error, t), { tone: 'danger' })
  const taking = useMutation({ mutationFn: () => takeTask(task), onError })
  const cancelling = useMutation({ mutationFn: () => cancelTask(task), onError })
  const mayCancel = task.createdBy.id === me.id || me.role !== 'agent'
  return (
    <div className={styles.actions}>
      <Button small look="primary" icon="done" onClick={() => setAsks('result')}>
        {t('department.done')}
      </Button>
      {task.assignee?.id !== me.id && (
        <Button small icon="person" busy={taking.isPending} onClick={() => taking.mutate()}>
          {t('task.take')}
        </Button>
      )}
      <Button small icon="undo" onClick={() => setAsks('return')}>
        {t('department.return')}
      </Button>
      {mayCancel && (
        <Button small look="quiet" icon="close" busy={cancelling.isPending} onClick={() => cancelling.mutate()}>
          {t('task.cancel')}
        </Button>
      )}
      {asks === 'result' && (
        <WordsDialog
          title={t('department.done')}
          label={t('department.result')}
          help={t('department.resultHelp')}
          action={t('department.saveResult')}
          onSave={async (words) => {
            await finishTask(task, words)
            toast(t('department.finished'))
          }}
          onClose={() => setAsks(null)}
        />
      )}
      {asks === 'return' && (
        <WordsDialog
          title={t('department.saveReturn')}
          label={t('department.returnWhy')}
          action={t('department.saveReturn')}
          onSave={async (words) => {
            await returnTask(task, words)
            toast(t('department.returned'))
          }}
          onClose={() => setAsks(null)}
        />
      )}
    </div>
  )
}
