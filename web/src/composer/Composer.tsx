import { useTranslation } from 'react-i18next'
import type { TicketDetail } from '../api/wire.ts'
import { useCommands } from '../keyboard/commands.ts'
import { ApprovalList } from '../together/ApprovalList.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Segments } from '../ui/Segments.tsx'
import { AnsweredLine } from './AnsweredLine.tsx'
import { Attachments } from './Attachments.tsx'
import styles from './Composer.module.css'
import { ComposerFacts } from './ComposerFacts.tsx'
import { ComposerField } from './ComposerField.tsx'
import { ConflictPanel } from './ConflictPanel.tsx'
import { changeDraft, type Draft } from './draft-store.ts'
import { ElsewherePanel } from './ElsewherePanel.tsx'
import { focusComposer, openQuick } from './focus.ts'
import { HeldPanel } from './HeldPanel.tsx'
import { Refused } from './Refused.tsx'
import { ScheduledList } from './ScheduledList.tsx'
import { SendRow } from './SendRow.tsx'
import { useComposer } from './use-composer.ts'
import { useDraftSync } from './use-draft-sync.ts'
import { useFiles } from './use-files.ts'

/** Where an agent writes: to the customer, or to colleagues, and never in doubt to which of the two. */
export function Composer({ ticket }: { readonly ticket: TicketDetail }) {
  const { t } = useTranslation()
  const composer = useComposer(ticket)
  const { draft, target, refusal, isNote } = composer
  const files = useFiles(composer)
  const sync = useDraftSync(ticket.id)
  const setMode = (mode: Draft['mode']) => {
    changeDraft(ticket.id, { mode })
    focusComposer()
  }
  useCommands({
    reply: () => setMode('reply'),
    note: () => setMode('note'),
    // The press that opens it is no letter of the text.
    quick: () => requestAnimationFrame(openQuick),
  })
  const isPublic = target?.standing.surface === 'public'
  return (
    <section
      className={styles.composer}
      data-mode={draft.mode}
      data-drop={files.isOver || undefined}
      aria-label={t('composer.label')}
    >
      <ApprovalList ticket={ticket} />
      <ScheduledList ticket={ticket} />
      {composer.conflict && (
        <ConflictPanel messages={composer.conflict} onSend={composer.sendAnyway} onEdit={composer.dropConflict} />
      )}
      {!isNote && !refusal && <HeldPanel composer={composer} />}
      {sync.elsewhere && <ElsewherePanel draft={sync.elsewhere} onUse={sync.use} onKeep={sync.keep} />}
      <div className={styles.box}>
        <div className={styles.head}>
          <Segments<Draft['mode']>
            label={t('composer.mode')}
            value={draft.mode}
            onChange={setMode}
            choices={[
              {
                value: 'reply',
                label: (
                  <>
                    <Icon name={isPublic ? 'globe' : 'reply'} size={15} />
                    {t(isPublic ? 'composer.publicReply' : 'composer.reply')}
                  </>
                ),
              },
              {
                value: 'note',
                tone: 'note',
                label: (
                  <>
                    <Icon name="lock" size={15} />
                    {t('composer.note')}
                  </>
                ),
              },
            ]}
          />
          {!isNote && target && <AnsweredLine ticket={ticket} target={target} />}
        </div>
        {!isNote && target && refusal ? (
          <Refused composer={composer} target={target} refusal={refusal} onNote={() => setMode('note')} />
        ) : (
          <>
            <ComposerField composer={composer} name={ticket.contact.name} onFiles={files.add} />
            <Attachments composer={composer} />
            <ComposerFacts composer={composer} />
            <SendRow composer={composer} onFiles={files.add} accept={files.accept} />
          </>
        )}
      </div>
      {files.isOver && <p className={styles.drop}>{t('composer.dropHere')}</p>}
    </section>
  )
}
