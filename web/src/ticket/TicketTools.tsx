import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TicketDetail } from '../api/wire.ts'
import { macrosQuery, runMacro } from '../bulk/api.ts'
import { useCommands } from '../keyboard/commands.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Menu, MenuItem, MenuSeparator } from '../ui/Menu.tsx'
import styles from './TicketHeader.module.css'

const MergeDialog = lazy(async () => ({ default: (await import('../moves/MergeDialog.tsx')).MergeDialog }))
const SplitDialog = lazy(async () => ({ default: (await import('../moves/SplitDialog.tsx')).SplitDialog }))

/** What is done to a conversation now and then: macros, merging, dividing, linking. */
export function TicketTools({ ticket }: { readonly ticket: TicketDetail }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<'merge' | 'link' | 'split' | 'macro' | null>(null)
  useCommands({ merge: () => setAsked('merge'), macro: () => setAsked('macro') })
  const close = () => setAsked(null)
  return (
    <>
      <Menu
        trigger={
          <Button small look="quiet" icon="dots" className={styles.control}>
            {t('common.more')}
          </Button>
        }
      >
        <MenuItem icon="macro" onSelect={() => setAsked('macro')}>
          {t('macro.run')}
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon="merge" onSelect={() => setAsked('merge')}>
          {t('move.merge')}
        </MenuItem>
        <MenuItem icon="split" onSelect={() => setAsked('split')}>
          {t('move.splitOff')}
        </MenuItem>
        <MenuItem icon="link" onSelect={() => setAsked('link')}>
          {t('move.link')}
        </MenuItem>
      </Menu>
      {asked === 'macro' && <MacroPicker ticketId={ticket.id} onClose={close} />}
      <Suspense>
        {(asked === 'merge' || asked === 'link') && <MergeDialog ticket={ticket} what={asked} onClose={close} />}
        {asked === 'split' && <SplitDialog ticket={ticket} onClose={close} />}
      </Suspense>
    </>
  )
}

function MacroPicker({ ticketId, onClose }: { readonly ticketId: string; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { data } = useQuery(macrosQuery)
  return (
    <Dialog open onClose={onClose} title={t('macro.run')} description={t('macro.runHelp')}>
      <ul className={styles.macros}>
        {data?.map((macro) => (
          <li key={macro.id}>
            <Button
              icon="macro"
              onClick={() => {
                onClose()
                void runMacro(macro, ticketId)
              }}
            >
              {macro.name}
            </Button>
          </li>
        ))}
      </ul>
      {data?.length === 0 && <p>{t('macro.noneHelp')}</p>}
    </Dialog>
  )
}
