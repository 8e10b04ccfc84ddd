import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { AutomaticAccount, AutomaticKind, AutomaticSettings } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'
import settings from '../settings/Settings.module.css'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Switch } from '../ui/Switch.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import { automaticQuery, kinds } from './api.ts'
import { HoursFields } from './HoursFields.tsx'
import { WordsDialog } from './WordsDialog.tsx'

const hour = 3_600_000
const day = 24 * hour

interface FormProps {
  readonly accountId: string
  readonly account: AutomaticAccount
}

export function AutomaticForm({ accountId, account }: FormProps) {
  const { t } = useTranslation()
  const [wanted, setWanted] = useState<AutomaticSettings>(account.settings)
  const [spans, setSpans] = useState(() => spansOf(account))
  const [worded, setWorded] = useState<AutomaticKind | null>(null)
  const saving = useMutation({
    mutationFn: () => {
      const body = {
        settings: {
          ...wanted,
          reserve: Number(spans.reserve),
          closeAfterMs: Number(spans.close) * hour,
          followUpAfterMs: Number(spans.followUp) * day,
          progressEveryMs: Number(spans.progress) * hour,
        },
        reopenWithinMs: Number(spans.reopen) * hour,
      }
      return request<AutomaticAccount>(`/api/accounts/${accountId}/automatic`, { method: 'PUT', body })
    },
    onSuccess: (saved) => {
      queryClient.setQueryData(automaticQuery(accountId).queryKey, saved)
      void queryClient.invalidateQueries({ queryKey: keys.accounts })
      setWanted(saved.settings)
      setSpans(spansOf(saved))
      toast(t('automatic.saved'))
    },
  })
  const wrong = Object.values(spans).some((value) => value.trim() === '' || !(Number(value) >= 0))
  const span = (name: keyof typeof spans) => ({
    label: t(`automatic.span.${name}`),
    help: t(`automatic.spanHelp.${name}`),
    type: 'number',
    inputMode: 'numeric' as const,
    min: 0,
    required: true,
    value: spans[name],
    onChange: (value: string) => setSpans({ ...spans, [name]: value }),
  })
  const set = (kind: AutomaticKind, change: Partial<AutomaticSettings['kinds'][AutomaticKind]>) =>
    setWanted({ ...wanted, kinds: { ...wanted.kinds, [kind]: { ...wanted.kinds[kind], ...change } } })
  return (
    <form
      className={settings.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (!wrong) saving.mutate()
      }}
    >
      {account.statusUrl === null && <p className={settings.faint}>{t('automatic.noAddress')}</p>}
      <h2 className={settings.heading}>{t('automatic.kinds')}</h2>
      <ul className={settings.rows}>
        {kinds.map((kind) => (
          <KindRow
            key={kind}
            kind={kind}
            speech={wanted.kinds[kind]}
            hasPublic={account.surfaces.includes('public')}
            onChange={(change) => set(kind, change)}
            onWords={() => setWorded(kind)}
          />
        ))}
      </ul>
      <h2 className={settings.heading}>{t('automatic.rules')}</h2>
      <div className={settings.rows}>
        <div className={settings.setting}>
          <div>
            <p className={settings.label}>{t('automatic.language')}</p>
            <p className={settings.faint}>{t('automatic.languageHelp')}</p>
          </div>
          <Segments<'zh' | 'en'>
            label={t('automatic.language')}
            value={wanted.language}
            onChange={(language) => setWanted({ ...wanted, language })}
            choices={[
              { value: 'zh', label: <span lang="zh-CN">中文</span> },
              { value: 'en', label: <span lang="en">English</span> },
            ]}
          />
        </div>
      </div>
      <div className={settings.rows}>
        <div className={settings.setting}>
          <div>
            <p className={settings.label}>{t('automatic.followUpAs')}</p>
            <p className={settings.faint}>{t('automatic.followUpAsHelp')}</p>
          </div>
          <Segments<'message' | 'task'>
            label={t('automatic.followUpAs')}
            value={wanted.followUpAs}
            onChange={(followUpAs) => setWanted({ ...wanted, followUpAs })}
            choices={[
              { value: 'message', label: t('automatic.asMessage') },
              { value: 'task', label: t('automatic.asTask') },
            ]}
          />
        </div>
      </div>
      <div className={settings.pair}>
        <TextField {...span('reserve')} />
        <TextField {...span('progress')} />
        <TextField {...span('close')} />
        <TextField {...span('reopen')} />
        <TextField {...span('followUp')} />
      </div>
      <HoursFields hours={wanted.hours} onChange={(hours) => setWanted({ ...wanted, hours })} />
      {saving.isError && <ErrorNote error={saving.error} />}
      <p>
        <Button look="primary" type="submit" busy={saving.isPending} disabled={wrong}>
          {t('common.save')}
        </Button>
      </p>
      {worded && (
        <WordsDialog
          accountId={accountId}
          kind={worded}
          account={account}
          speech={wanted.kinds[worded]}
          onDone={(texts) => {
            if (texts) set(worded, texts)
            setWorded(null)
          }}
        />
      )}
    </form>
  )
}

function KindRow({
  kind,
  speech,
  hasPublic,
  onChange,
  onWords,
}: {
  readonly kind: AutomaticKind
  readonly speech: AutomaticSettings['kinds'][AutomaticKind]
  readonly hasPublic: boolean
  readonly onChange: (change: { on?: boolean; onPublic?: boolean }) => void
  readonly onWords: () => void
}) {
  const { t } = useTranslation()
  const id = useId()
  const title = t(`automatic.kind.${kind}.title`)
  return (
    <li className={settings.setting}>
      <div>
        <label className={settings.label} htmlFor={id}>
          {title}
        </label>
        <p className={settings.faint} id={`${id}-help`}>
          {t(`automatic.kind.${kind}.help`)}
        </p>
        {hasPublic && kind !== 'proof' && speech.on && (
          <CheckRow checked={speech.onPublic} onChange={(onPublic) => onChange({ onPublic })}>
            {t('automatic.onPublic')}
          </CheckRow>
        )}
      </div>
      {(speech.zh || speech.en) && <Pill tone="accent">{t('automatic.ownWords')}</Pill>}
      <Button small icon="edit" onClick={onWords} aria-label={`${t('automatic.words')}: ${title}`}>
        {t('automatic.words')}
      </Button>
      <Switch id={id} describedBy={`${id}-help`} checked={speech.on} onChange={(on) => onChange({ on })} />
    </li>
  )
}

const spansOf = ({ settings: of, reopenWithinMs }: AutomaticAccount) => ({
  reserve: String(of.reserve),
  progress: String(of.progressEveryMs / hour),
  close: String(of.closeAfterMs / hour),
  reopen: String(reopenWithinMs / hour),
  followUp: String(of.followUpAfterMs / day),
})
