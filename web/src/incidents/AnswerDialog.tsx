import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnswerPreview, IncidentDetail } from '../api/wire.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { Pill } from '../ui/Pill.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { incidentProblem, previewAnswer, refusalWords, startAnswer } from './api.ts'
import styles from './Incidents.module.css'
import { TicketLine } from './TicketLine.tsx'

/** Written, looked at for each ticket, and only then sent. */
export function AnswerDialog({
  incident,
  onClose,
}: {
  readonly incident: IncidentDetail
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const [zh, setZh] = useState('')
  const [en, setEn] = useState('')
  // Made once: pressing twice, or after a broken connection, starts it once.
  const [id] = useState(() => crypto.randomUUID())
  const looking = useMutation({ mutationFn: () => previewAnswer(incident.id, { zh, en }) })
  const starting = useMutation({ mutationFn: () => startAnswer(incident.id, { id, zh, en }), onSuccess: onClose })
  const change = (set: (text: string) => void) => (text: string) => {
    set(text)
    looking.reset()
    starting.reset()
  }
  const preview = looking.data
  const isEmpty = zh.trim() === '' && en.trim() === ''
  const error = starting.error ?? looking.error
  return (
    <Dialog open wide onClose={onClose} title={t('incident.answerAll')} description={t('incident.answerHelp')}>
      <div className={styles.texts}>
        <TextArea label={t('incident.inChinese')} lang="zh-CN" value={zh} onChange={change(setZh)} rows={5} />
        <TextArea label={t('incident.inEnglish')} lang="en" value={en} onChange={change(setEn)} rows={5} />
      </div>
      {preview && <Preview preview={preview} />}
      {error && <p role="alert">{incidentProblem(error, t)}</p>}
      <DialogActions>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        {preview ? (
          <Button
            look="primary"
            icon="send"
            busy={starting.isPending}
            aria-disabled={preview.can === 0}
            onClick={() => starting.mutate()}
          >
            {t('incident.send', { count: preview.can })}
          </Button>
        ) : (
          <Button look="primary" busy={looking.isPending} aria-disabled={isEmpty} onClick={() => looking.mutate()}>
            {t('incident.preview')}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  )
}

function Preview({ preview }: { readonly preview: AnswerPreview }) {
  const { t, i18n } = useTranslation()
  const said = (reason: { readonly en: string; readonly zh: string } | null) =>
    reason && (i18n.language === 'en' ? reason.en : reason.zh)
  return (
    <div aria-live="polite">
      <p className={styles.facts}>
        <Pill tone="good">{t('incident.can', { count: preview.can })}</Pill>
        {preview.cannot > 0 && <Pill tone="danger">{t('incident.cannot', { count: preview.cannot })}</Pill>}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={styles.previewBox} tabIndex={0} aria-label={t('incident.previewTitle')}>
        <ul className={styles.tickets}>
          {preview.tickets.map((one) => (
            <TicketLine
              key={one.id}
              ticket={one}
              more={
                one.refusal ? (
                  <Pill tone="danger" icon="warning">
                    {said(one.refusal.reason) ?? refusalWords(one.refusal.code, t)}
                  </Pill>
                ) : (
                  <>
                    <Pill>{t(one.language === 'zh' ? 'incident.chinese' : 'incident.english')}</Pill>
                    {one.surface === 'public' && <Pill tone="note">{t('incident.public')}</Pill>}
                    {one.byHand && <Pill tone="note">{t('incident.byHand')}</Pill>}
                    {one.parts > 1 && <Pill>{t('incident.parts', { count: one.parts })}</Pill>}
                  </>
                )
              }
            />
          ))}
        </ul>
      </section>
    </div>
  )
}
