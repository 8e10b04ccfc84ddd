import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { NotOursClosed, TicketDetail } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'
import settings from '../settings/Settings.module.css'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import { otherPartiesQuery } from './api.ts'

interface NotOursDialogProps {
  readonly ticket: TicketDetail
  readonly onClose: () => void
  /** For the composer: the agent sends them, or does not. */
  readonly onWords: (words: string) => void
}

/** Closes a ticket as somebody else's, and hands the agent the words that say where to go. */
export function NotOursDialog({ ticket, onClose, onWords }: NotOursDialogProps) {
  const { t } = useTranslation()
  const { data, error } = useQuery(otherPartiesQuery)
  const [chosen, setChosen] = useState<string | null>(null)
  const parties = data?.filter(({ brandId }) => brandId === null || brandId === ticket.brandId)
  const party = parties?.find(({ id }) => id === chosen) ?? parties?.[0]
  const closing = useMutation({
    mutationFn: (partyId: string) =>
      request<NotOursClosed>(`/api/tickets/${ticket.id}/not-ours`, {
        method: 'POST',
        body: { partyId, version: ticket.version },
      }),
    onSuccess: ({ words }) => {
      onWords(words)
      toast(t('notOurs.done'))
      onClose()
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.ticket(ticket.id) }),
  })
  return (
    <Dialog open onClose={onClose} title={t('notOurs.title')} description={t('notOurs.help')}>
      <form
        className={settings.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (party) closing.mutate(party.id)
        }}
      >
        {error && <ErrorNote error={error} />}
        {!parties && !error && <Spinner label={t('common.loading')} />}
        {parties?.length === 0 && <p>{t('notOurs.none')}</p>}
        {party && parties && (
          <>
            <Field label={t('notOurs.whose')}>
              {({ id }) => (
                <Select
                  id={id}
                  value={party.id}
                  onChange={setChosen}
                  choices={parties.map((one) => ({
                    value: one.id,
                    label: `${t(`notOurs.kind.${one.kind}`)} · ${one.name}`,
                  }))}
                />
              )}
            </Field>
            <p className={settings.words} lang="zh-CN">
              {party.zh}
            </p>
            <p className={settings.words} lang="en">
              {party.en}
            </p>
          </>
        )}
        {closing.isError && <ErrorNote error={closing.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" busy={closing.isPending} disabled={!party}>
            {t('notOurs.close')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
