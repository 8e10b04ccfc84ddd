import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { FactsPatch, TicketFacts } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'
import settings from '../settings/Settings.module.css'
import { Button } from '../ui/Button.tsx'
import { DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import styles from './Facts.module.css'

const none = 'none'

interface FactsFormProps {
  readonly ticketId: string
  readonly facts: TicketFacts
  readonly onDone: () => void
}

export function FactsForm({ ticketId, facts, onDone }: FactsFormProps) {
  const { t } = useTranslation()
  const [model, setModel] = useState(facts.model ?? '')
  const [serial, setSerial] = useState(facts.serial ?? '')
  const [purchasedOn, setPurchasedOn] = useState(facts.purchasedOn ?? '')
  const [proofId, setProofId] = useState(facts.proofId ?? none)
  const saving = useMutation({
    mutationFn: (patch: Omit<FactsPatch, 'revision' | 'source'> & { readonly source?: FactsPatch['source'] }) =>
      request<TicketFacts>(`/api/tickets/${ticketId}/facts`, {
        method: 'PATCH',
        body: { ...patch, revision: facts.revision },
      }),
    onSuccess: (changed) => queryClient.setQueryData(keys.facts(ticketId), changed),
    onError: () => queryClient.invalidateQueries({ queryKey: keys.facts(ticketId) }),
  })
  const save = () =>
    saving.mutate(
      {
        model: model.trim() || null,
        serial: serial.trim() || null,
        purchasedOn: purchasedOn || null,
        proofId: proofId === none ? null : proofId,
      },
      { onSuccess: onDone },
    )
  return (
    <form
      className={settings.form}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      {facts.proposals.length > 0 && (
        <section className={styles.proposals} aria-label={t('facts.fromMessages')}>
          <p className={settings.label}>{t('facts.fromMessages')}</p>
          {facts.proposals.map(({ field, value }) => (
            <p key={`${field} ${value}`} className={styles.proposal}>
              <span>
                {t(`facts.${field}`)}: <bdi>{value}</bdi>
              </span>
              <Button small icon="done" onClick={() => saving.mutate({ [field]: value, source: 'text' })}>
                {t('facts.take')}
              </Button>
              <Button small look="quiet" icon="close" onClick={() => saving.mutate({ dismiss: [`${field} ${value}`] })}>
                {t('facts.dismiss')}
              </Button>
            </p>
          ))}
        </section>
      )}
      <div className={settings.pair}>
        <TextField label={t('facts.model')} value={model} onChange={setModel} maxLength={200} help={origin('model')} />
        <TextField
          label={t('facts.serial')}
          value={serial}
          onChange={setSerial}
          maxLength={40}
          spellCheck={false}
          help={origin('serial')}
        />
        <TextField
          label={t('facts.purchasedOn')}
          type="date"
          value={purchasedOn}
          onChange={setPurchasedOn}
          help={origin('purchasedOn')}
        />
        <Field label={t('facts.proofId')} help={facts.files.length === 0 ? t('facts.noFiles') : origin('proofId')}>
          {({ id }) => (
            <Select
              id={id}
              value={proofId}
              onChange={setProofId}
              choices={[
                { value: none, label: t('facts.noProof') },
                ...facts.files.map(({ id: value, name, kind }, index) => ({
                  value,
                  label: name ?? t('facts.file', { kind, number: index + 1 }),
                })),
              ]}
            />
          )}
        </Field>
      </div>
      <Records facts={facts} />
      {saving.isError && <ErrorNote error={saving.error} />}
      <DialogActions>
        <Button onClick={onDone}>{t('common.cancel')}</Button>
        <Button look="primary" type="submit" busy={saving.isPending}>
          {t('common.save')}
        </Button>
      </DialogActions>
    </form>
  )

  function origin(field: keyof TicketFacts['sources']) {
    const source = facts.sources[field]
    return source && t(`facts.source.${source}`)
  }
}

/** What the brand's records say of the serial number. */
function Records({ facts }: { readonly facts: TicketFacts }) {
  const { t } = useTranslation()
  const { device, repairs, source, otherTickets } = facts
  if (facts.serial === null) return <p className={settings.faint}>{t('facts.serialFirst')}</p>
  return (
    <section className={styles.records} aria-label={t('facts.records')}>
      <p className={styles.proposal}>
        <b>{t('facts.records')}</b>
        <Pill
          tone={device?.warranty === 'inside' ? 'good' : device?.warranty === 'over' ? 'doubt' : 'neutral'}
          icon="shield"
        >
          {t(`facts.warranty.${device?.warranty ?? 'unknown'}`, { until: device?.warrantyUntil ?? '' })}
        </Pill>
        {source.state === 'asked' && <Pill icon="clock">{t('facts.asking')}</Pill>}
      </p>
      {source.state === 'failed' && (
        <p className={styles.wrong}>{t(`facts.failure.${(source.reason ?? 'no_answer') as 'no_answer'}`)}</p>
      )}
      {repairs.length === 0 ? (
        <p className={settings.faint}>{t('facts.noRepairs')}</p>
      ) : (
        <ul className={styles.repairs}>
          {repairs.map((repair) => (
            <li key={`${repair.repairedOn} ${repair.reference} ${repair.fault}`}>
              <b>{repair.repairedOn}</b>{' '}
              {[repair.fault, repair.result, repair.place, repair.reference].filter(Boolean).join(' · ')}
            </li>
          ))}
        </ul>
      )}
      {otherTickets.length > 0 && (
        <p className={styles.proposal}>
          {t('facts.otherTickets')}
          {otherTickets.map(({ id, number }) => (
            <Link key={id} to="/inbox/$view/$ticketId" params={{ view: 'all', ticketId: id }} search={{}}>
              #{number}
            </Link>
          ))}
        </p>
      )}
    </section>
  )
}
