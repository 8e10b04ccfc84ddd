import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { Message } from '../api/wire.ts'
import { draftOf } from '../composer/draft-store.ts'
import { writeAgain } from '../composer/focus.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { putMessage } from '../ticket/ticket-cache.ts'
import { Button } from '../ui/Button.tsx'
import { toast } from '../ui/toast.ts'
import { useNow } from '../ui/use-now.ts'
import styles from './Delivery.module.css'
import { secondsUntilSent } from './delivery.ts'

/** A moment to think better of it. What was taken back returns to the composer. */
export function Undo({ message, ticketId }: { readonly message: Message; readonly ticketId: string }) {
  const { t } = useTranslation()
  const now = useNow(250)
  const seconds = secondsUntilSent(message.deliveries, now)
  const undoing = useMutation({
    mutationFn: () =>
      request<{ message: Message | null }>(`/api/messages/${message.id}/undo`, { method: 'POST', body: {} }),
    onSuccess: ({ message: undone }) => {
      if (undone) putMessage(ticketId, undone)
      if (draftOf(ticketId).reply.trim() === '') writeAgain(ticketId, message.text, message.inReplyTo)
      if (message.media.length > 0) toast(t('delivery.undoneFiles'))
    },
    onError: (error) => {
      toast(problemText(error, t), { tone: 'danger' })
      queryClient.invalidateQueries({ queryKey: keys.messages(ticketId) })
    },
  })
  return (
    <p className={styles.undo}>
      <span aria-hidden="true">
        {seconds > 0
          ? t('delivery.sendsIn', { seconds })
          : t(message.deliveries.some(({ byHand }) => byHand) ? 'task.planned' : 'delivery.state.queued')}
      </span>
      <Button small icon="undo" busy={undoing.isPending} onClick={() => undoing.mutate()}>
        {t(undoing.isPending ? 'delivery.undoing' : 'delivery.undo')}
      </Button>
    </p>
  )
}
