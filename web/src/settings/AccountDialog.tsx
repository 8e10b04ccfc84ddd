import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { accountsQuery, brandsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Account, Channel } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'
import { Button } from '../ui/Button.tsx'
import { ChannelIcon } from '../ui/ChannelIcon.tsx'
import { CopyText } from '../ui/CopyText.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { AccountForm } from './AccountForm.tsx'
import { HealthLine } from './HealthLine.tsx'
import { QrCode } from './QrCode.tsx'
import styles from './Settings.module.css'

interface AccountDialogProps {
  /** Null: a new one. */
  readonly account: Account | null
  readonly channels: readonly Channel[]
  readonly onClose: () => void
}

/** Choose a channel, fill in its form, see what the platform says. */
export function AccountDialog({ account, channels, onClose }: AccountDialogProps) {
  const { t, i18n } = useTranslation()
  const { data: brands = [] } = useQuery(brandsQuery)
  const { data: accounts = [] } = useQuery(accountsQuery)
  const only = channels.length === 1 ? channels[0]!.channel : null
  const [chosen, setChosen] = useState<string | null>(account?.channel ?? only)
  const channel = channels.find((one) => one.channel === chosen)
  const saving = useMutation({
    mutationFn: (body: unknown) =>
      request<{ account: Account }>(account ? `/api/accounts/${account.id}` : '/api/accounts', {
        method: account ? 'PATCH' : 'POST',
        body,
        // The answer waits for the platform.
        timeoutMs: 30_000,
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.accounts }),
  })
  const titleOf = (one: Channel) => (i18n.language === 'en' ? one.title.en : one.title.zh)
  const title = account
    ? t('accounts.editTitle', { name: account.name })
    : channel
      ? t('accounts.connectTo', { channel: titleOf(channel) })
      : t('accounts.choose')
  const answered = saving.data?.account
  // What came of the check may go on: a code to scan comes after the answer, and goes when it was scanned.
  const saved = accounts.find(({ id }) => id === answered?.id) ?? answered
  return (
    <Dialog open onClose={onClose} title={saved ? t('accounts.checked') : title} wide>
      {saved ? (
        <>
          <HealthLine health={saved.health} />
          {saved.health.scan && <QrCode text={saved.health.scan} name={saved.name} />}
          {saved.webhookUrl ? (
            <div>
              <p className={styles.label}>{t('accounts.webhook')}</p>
              <CopyText text={saved.webhookUrl} label={t('accounts.webhook')} />
              <p className={styles.faint}>{t('accounts.webhookHelp')}</p>
            </div>
          ) : (
            <p className={styles.faint}>{t('accounts.noWebhook')}</p>
          )}
          <DialogActions>
            <Button look="primary" onClick={onClose}>
              {t('common.close')}
            </Button>
          </DialogActions>
        </>
      ) : channel ? (
        <AccountForm
          key={channel.channel}
          channel={channel}
          account={account}
          brands={brands}
          isSaving={saving.isPending}
          error={saving.error}
          onSave={(body) => saving.mutate(body)}
          onCancel={onClose}
        />
      ) : (
        <ul className={styles.choices}>
          {channels.map((one) => (
            <li key={one.channel}>
              <button
                type="button"
                className={styles.choice}
                style={{ inlineSize: '100%' }}
                onClick={() => setChosen(one.channel)}
              >
                <ChannelIcon path={one.icon.path} size={28} />
                {titleOf(one)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}
