import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Capabilities } from '#channel/capabilities.ts'
import { keys } from '../api/keys.ts'
import { channelsQuery, ticketQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Delivery, Message } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { Button } from '../ui/Button.tsx'
import { toast } from '../ui/toast.ts'

interface OnceMoreProps {
  readonly delivery: Delivery
  readonly message: Message
  readonly ticketId: string
}

/** The same call once more: only where the other side drops what it has taken already. */
export function OnceMore({ delivery, message, ticketId }: OnceMoreProps) {
  const { t } = useTranslation()
  const { data: ticket } = useQuery(ticketQuery(ticketId))
  const { data: channels = [] } = useQuery(channelsQuery)
  const sending = useMutation({
    mutationFn: () => request(`/api/deliveries/${delivery.id}/replay`, { method: 'POST', body: {} }),
    onError: (error) => toast(problemText(error, t), { tone: 'danger' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.ticket(ticketId) }),
  })
  const thread = ticket?.threads.find(({ id }) => id === message.threadId)
  const channel = channels.find((one) => one.channel === thread?.channel)
  const can = (thread?.capabilities ?? channel?.capabilities) as unknown as Capabilities | undefined
  if (!can?.repeatWithinMs || delivery.byHand) return null
  return (
    <Button small icon="send" busy={sending.isPending} onClick={() => sending.mutate()}>
      {t('delivery.onceMore')}
    </Button>
  )
}
