import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Task } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { useMe } from '../shell/use-me.ts'
import { TimePicker } from '../ticket/TimePicker.tsx'
import { DepartmentTask } from '../together/DepartmentTask.tsx'
import { useName } from '../together/name.ts'
import together from '../together/Together.module.css'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Popover } from '../ui/Popover.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import { useNow } from '../ui/use-now.ts'
import { cancelTask, finishTask, takeTask, tryAgain } from './actions.ts'
import styles from './Tasks.module.css'

/** One thing to do: who is to be spoken to, what about, and what came of it. */
export function TaskCard({ task, withTicket = false }: { readonly task: Task; readonly withTicket?: boolean }) {
  const { t, i18n } = useTranslation()
  const now = useNow(15_000)
  const due = new Date(task.dueAt)
  const isDue = task.state === 'open' && due.getTime() <= now
  const nameOf = useName()
  const { department } = task
  const act = department
    ? nameOf(department)
    : ((i18n.language === 'en' ? task.act?.en : task.act?.zh) ?? t('task.act'))
  return (
    <article className={styles.card} data-due={isDue || undefined} aria-label={`${act} · ${task.contact.name}`}>
      <p className={styles.head}>
        <strong className={styles.act}>
          <Icon name={department ? 'people' : 'reply'} size={15} />
          {act}
        </strong>
        <bdi>{task.contact.name}</bdi>
        {task.contact.handle && <Handle handle={task.contact.handle} />}
        {task.state === 'open' ? (
          <Pill tone={isDue ? 'doubt' : 'neutral'} icon="clock">
            {t(isDue ? 'task.dueSince' : 'task.dueAt', { time: fullTime(due, i18n.language) })}
          </Pill>
        ) : (
          <Pill tone={task.state === 'done' ? 'good' : task.state === 'returned' ? 'danger' : 'neutral'}>
            {t(`task.state.${task.state}`)}
          </Pill>
        )}
        {withTicket && (
          <Link
            className={styles.ticket}
            to="/inbox/$view/$ticketId"
            params={{ view: 'all', ticketId: task.ticket.id }}
            search={{}}
          >
            {t('ticket.number', { number: task.ticket.number })}
          </Link>
        )}
      </p>
      <p className={styles.text} dir="auto">
        {department ? task.text : (task.result ?? task.text)}
      </p>
      {department && task.result !== null && (
        <blockquote className={together.quote} dir="auto">
          {task.result}
        </blockquote>
      )}
      {task.tries.length > 0 && (
        <ul className={styles.tries} aria-label={t('task.tries')}>
          {task.tries.map((one) => (
            <li key={one.at}>
              {t('task.tried', { name: one.name, time: fullTime(new Date(one.at), i18n.language) })}
              {one.note && <bdi> {one.note}</bdi>}
            </li>
          ))}
        </ul>
      )}
      <p className={styles.who}>
        {task.doneBy
          ? t('task.doneBy', { name: task.doneBy.name })
          : task.assignee
            ? t('task.assignee', { name: task.assignee.name })
            : t('task.nobody')}
      </p>
      {task.state === 'open' && (department ? <DepartmentTask task={task} /> : <OpenTask task={task} />)}
    </article>
  )
}

/** A number can be called from here, where the computer can. */
function Handle({ handle }: { readonly handle: string }) {
  if (!/^\+?[0-9]{3,20}$/u.test(handle)) return <bdi className={styles.handle}>{handle}</bdi>
  return (
    <a className={styles.handle} href={`tel:${handle}`}>
      {handle}
    </a>
  )
}

function OpenTask({ task }: { readonly task: Task }) {
  const { t } = useTranslation()
  const me = useMe()
  const [isWriting, setIsWriting] = useState(false)
  const [asks, setAsks] = useState(false)
  const taking = useMutation({ mutationFn: () => takeTask(task) })
  const cancelling = useMutation({ mutationFn: () => cancelTask(task), onSuccess: () => toast(t('task.cancelled')) })
  const error = taking.error ?? cancelling.error
  if (isWriting) return <Said task={task} onClose={() => setIsWriting(false)} />
  return (
    <>
      {error && <ErrorNote error={error} />}
      <div className={styles.actions}>
        <Button small look="primary" icon="done" onClick={() => setIsWriting(true)}>
          {t('task.record')}
        </Button>
        <NotReached task={task} />
        {task.assignee?.id !== me.id && (
          <Button small look="quiet" icon="person" busy={taking.isPending} onClick={() => taking.mutate()}>
            {t('task.take')}
          </Button>
        )}
        <Button small look="quiet" icon="close" busy={cancelling.isPending} onClick={() => setAsks(true)}>
          {t('task.cancel')}
        </Button>
      </div>
      <Confirm
        open={asks}
        onClose={() => setAsks(false)}
        title={t('task.cancelTitle')}
        action={t('task.cancel')}
        danger
        onConfirm={() => cancelling.mutate()}
      >
        {t('task.cancelBody')}
      </Confirm>
    </>
  )
}

function Said({ task, onClose }: { readonly task: Task; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const saving = useMutation({
    mutationFn: () => finishTask(task, text.trim()),
    onSuccess: () => toast(t('task.recorded')),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() !== '' && !saving.isPending) saving.mutate()
  }
  return (
    <form className={styles.said} onSubmit={submit}>
      <TextArea
        label={t('task.said')}
        help={t('task.saidHelp')}
        autoFocus
        required
        maxLength={100_000}
        rows={3}
        value={text}
        onChange={setText}
      />
      {saving.error && <ErrorNote error={saving.error} />}
      <div className={styles.actions}>
        <Button small look="primary" type="submit" busy={saving.isPending} aria-disabled={text.trim() === ''}>
          {t('task.save')}
        </Button>
        <Button small look="quiet" onClick={onClose}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  )
}

function NotReached({ task }: { readonly task: Task }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [note, setNote] = useState('')
  const again = useMutation({
    mutationFn: (dueAt: Date) => tryAgain(task, dueAt.toISOString(), note.trim()),
    onSuccess: () => {
      setOpen(false)
      setNote('')
    },
  })
  return (
    <Popover
      label={t('task.notReached')}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button small icon="clock" busy={again.isPending}>
          {t('task.notReached')}
        </Button>
      }
    >
      <div className={styles.again}>
        <TextField
          label={t('task.why')}
          optional={t('common.optional')}
          placeholder={t('task.whyExample')}
          maxLength={1_000}
          value={note}
          onChange={setNote}
        />
        <p className={styles.label}>{t('task.againAt')}</p>
        <TimePicker label={t('task.againOther')} action={t('task.again')} onPick={(time) => again.mutate(time)} />
        {again.error && <ErrorNote error={again.error} />}
      </div>
    </Popover>
  )
}
