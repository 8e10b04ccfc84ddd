import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { Delivery } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { toast } from '../ui/toast.ts'
import styles from './Delivery.module.css'

type Verdict = 'sent' | 'queued' | 'dropped' | 'pass-over'

/** The platform did not say whether it took the message. Only a person who looks there can know. */
export function UnknownDelivery({ delivery, ticketId }: { readonly delivery: Delivery; readonly ticketId: string }) {
  const { t } = useTranslation()
  const [asks, setAsks] = useState(false)
  const settling = useMutation({
    mutationFn: (verdict: Verdict) =>
      verdict === 'pass-over'
        ? request(`/api/deliveries/${delivery.id}/pass-over`, { method: 'POST', body: {} })
        : request(`/api/deliveries/${delivery.id}/resolve`, { method: 'POST', body: { as: verdict } }),
    onError: (error) => toast(problemText(error, t), { tone: 'danger' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.ticket(ticketId) }),
  })
  const settle = (verdict: Verdict) => !settling.isPending && settling.mutate(verdict)
  const busy = (verdict: Verdict) => settling.isPending && settling.variables === verdict
  return (
    <section className={styles.unknown} aria-label={t('delivery.unknownTitle')}>
      <p className={styles.unknownTitle}>{t('delivery.unknownTitle')}</p>
      <p>{t('delivery.unknownHelp')}</p>
      <div className={styles.buttons}>
        <Button small icon="done" busy={busy('sent')} onClick={() => settle('sent')}>
          {t('delivery.arrived')}
        </Button>
        <Button small icon="send" busy={busy('queued')} onClick={() => setAsks(true)}>
          {t('delivery.again')}
        </Button>
        <Button small icon="trash" busy={busy('dropped')} onClick={() => settle('dropped')}>
          {t('delivery.drop')}
        </Button>
      </div>
      {delivery.passedOver ? (
        <p className={styles.passed}>{t('delivery.passedOver')}</p>
      ) : (
        <Button
          small
          look="quiet"
          busy={busy('pass-over')}
          className={styles.passOver}
          onClick={() => settle('pass-over')}
        >
          {t('delivery.passOver')}
        </Button>
      )}
      <Confirm
        open={asks}
        onClose={() => setAsks(false)}
        title={t('delivery.againTitle')}
        action={t('delivery.againConfirm')}
        danger
        onConfirm={() => settle('queued')}
      >
        {t('delivery.againBody')}
      </Confirm>
    </section>
  )
}
