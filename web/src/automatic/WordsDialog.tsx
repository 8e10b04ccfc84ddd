import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { request } from '../api/request.ts'
import type { AutomaticAccount, AutomaticKind } from '../api/wire.ts'
import settings from '../settings/Settings.module.css'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { TextArea } from '../ui/TextArea.tsx'

interface Texts {
  readonly zh: string
  readonly en: string
}

interface WordsDialogProps {
  readonly accountId: string
  readonly kind: AutomaticKind
  readonly account: AutomaticAccount
  readonly speech: Texts
  /** Null: nothing changes. */
  readonly onDone: (texts: Texts | null) => void
}

/** The words of one kind in both languages, as they are written and as a customer reads them. */
export function WordsDialog({ accountId, kind, account, speech, onDone }: WordsDialogProps) {
  const { t } = useTranslation()
  const shipped = account.shipped[kind] ?? { zh: '', en: '' }
  const [texts, setTexts] = useState<Texts>({ zh: speech.zh || shipped.zh, en: speech.en || shipped.en })
  const own = (language: keyof Texts) => {
    const text = texts[language].trim()
    return text === shipped[language] ? '' : text
  }
  const field = (language: keyof Texts) => (
    <LanguageField
      key={language}
      accountId={accountId}
      kind={kind}
      language={language}
      text={texts[language]}
      variables={(account.variables[kind] ?? []).map((words) => words[language])}
      onChange={(text) => setTexts({ ...texts, [language]: text })}
    />
  )
  return (
    <Dialog open onClose={() => onDone(null)} title={t(`automatic.kind.${kind}.title`)} wide>
      <form
        className={settings.form}
        onSubmit={(event) => {
          event.preventDefault()
          event.stopPropagation()
          onDone({ zh: own('zh'), en: own('en') })
        }}
      >
        {field('zh')}
        {field('en')}
        <DialogActions>
          <Button look="quiet" onClick={() => setTexts(shipped)}>
            {t('automatic.restore')}
          </Button>
          <Button onClick={() => onDone(null)}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit">
            {t('automatic.take')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

function LanguageField({
  accountId,
  kind,
  language,
  text,
  variables,
  onChange,
}: {
  readonly accountId: string
  readonly kind: AutomaticKind
  readonly language: 'zh' | 'en'
  readonly text: string
  readonly variables: readonly string[]
  readonly onChange: (text: string) => void
}) {
  const { t } = useTranslation()
  const field = useRef<HTMLDivElement>(null)
  const { data, error } = useQuery({
    queryKey: ['automatic-preview', accountId, kind, language, text],
    queryFn: ({ signal }) =>
      request<{ text: string }>(`/api/accounts/${accountId}/automatic/preview`, {
        method: 'POST',
        body: { kind, language, text },
        signal,
      }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (earlier) => earlier,
  })
  const insert = (word: string) => {
    const area = field.current?.querySelector('textarea')
    const [from, to] = area ? [area.selectionStart, area.selectionEnd] : [text.length, text.length]
    onChange(`${text.slice(0, from)}{{${word}}}${text.slice(to)}`)
    area?.focus()
  }
  const label = t(`automatic.${language}`)
  return (
    <div ref={field} className={settings.form}>
      <TextArea
        label={label}
        value={text}
        onChange={onChange}
        maxLength={2000}
        rows={5}
        lang={language === 'zh' ? 'zh-CN' : 'en'}
      />
      <fieldset className={settings.variables} aria-label={`${t('quick.variables')}: ${label}`}>
        {variables.map((word) => (
          <Button key={word} small onClick={() => insert(word)}>
            {`{{${word}}}`}
          </Button>
        ))}
      </fieldset>
      {error ? (
        <ErrorNote error={error} />
      ) : (
        <figure className={settings.card}>
          <figcaption className={settings.label}>{t('automatic.preview')}</figcaption>
          <p className={settings.words} lang={language === 'zh' ? 'zh-CN' : 'en'}>
            {data?.text ?? ''}
          </p>
        </figure>
      )}
    </div>
  )
}
