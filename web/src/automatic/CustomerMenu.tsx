import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TicketDetail } from '../api/wire.ts'
import { changeDraft, draftOf } from '../composer/draft-store.ts'
import { clockTime, fullTime } from '../i18n/format.ts'
import { Button } from '../ui/Button.tsx'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../ui/Menu.tsx'
import { Pill } from '../ui/Pill.tsx'
import { toast } from '../ui/toast.ts'
import { customerSideQuery } from './api.ts'
import { NotOursDialog } from './NotOursDialog.tsx'

/** What the customer has in hand (look-up code, address), and what they answered. */
export function CustomerMenu({ ticket }: { readonly ticket: TicketDetail }) {
  const { t, i18n } = useTranslation()
  const { data } = useQuery(customerSideQuery(ticket.id))
  const [closing, setClosing] = useState(false)
  if (!data) return null
  const copy = (text: string, done: string) =>
    (navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject(new Error('no clipboard'))).then(
      () => toast(done),
      () => toast(t('customer.copyByHand', { text })),
    )
  const put = (text: string) => {
    const { reply } = draftOf(ticket.id)
    changeDraft(ticket.id, { mode: 'reply', reply: reply.trim() === '' ? text : `${reply.trimEnd()}\n${text}` })
  }
  const { satisfaction, solved, calledAt, notOurs } = data
  return (
    <>
      <Menu
        trigger={
          <Button small look="quiet" icon="ticket" aria-label={t('customer.label', { code: data.code })}>
            {data.code}
          </Button>
        }
      >
        <MenuLabel>{t('customer.code')}</MenuLabel>
        <MenuItem icon="copy" onSelect={() => void copy(data.code, t('customer.copied'))}>
          {t('customer.copyCode')}
        </MenuItem>
        {data.statusUrl && (
          <MenuItem icon="link" onSelect={() => void copy(data.statusUrl!, t('customer.copied'))}>
            {t('customer.copyLink')}
          </MenuItem>
        )}
        <MenuItem icon="edit" onSelect={() => put(wordsFor(data, t('customer.inReply', { code: data.code })))}>
          {t('customer.putCode')}
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon="globe" onSelect={() => setClosing(true)}>
          {t('notOurs.action')}
        </MenuItem>
      </Menu>
      {calledAt && (
        <span title={fullTime(new Date(calledAt), i18n.language)}>
          <Pill tone="danger" icon="warning">
            {t('customer.called', { time: clockTime(new Date(calledAt), i18n.language) })}
          </Pill>
        </span>
      )}
      {solved !== null && (
        <Pill tone={solved ? 'accent' : 'danger'}>{t(solved ? 'customer.solved' : 'customer.notSolved')}</Pill>
      )}
      {satisfaction && (
        <span title={satisfaction.comment ?? undefined}>
          <Pill tone={satisfaction.score >= 3 ? 'accent' : 'danger'}>
            {t('customer.rated', { score: satisfaction.score })}
          </Pill>
        </span>
      )}
      {notOurs && <Pill icon="globe">{t('notOurs.closed', { name: notOurs.name })}</Pill>}
      {closing && <NotOursDialog ticket={ticket} onClose={() => setClosing(false)} onWords={put} />}
    </>
  )
}

const wordsFor = ({ statusUrl }: { readonly statusUrl: string | null }, words: string) =>
  statusUrl ? `${words}\n${statusUrl}` : words
