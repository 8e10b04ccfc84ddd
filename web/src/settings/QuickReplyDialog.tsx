import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { Brand, NewQuickReply, QuickReply } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'
import { fill, samples, unknownVariable, variableNames, variableWords } from '../quick/fill.ts'
import { useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Select } from '../ui/Select.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { TextField } from '../ui/TextField.tsx'
import styles from './Settings.module.css'

interface QuickReplyDialogProps {
  /** Null: a new one. */
  readonly reply: QuickReply | null
  readonly brands: readonly Brand[]
  readonly onClose: () => void
}

const everyBrand = 'all'

export function QuickReplyDialog({ reply, brands, onClose }: QuickReplyDialogProps) {
  const { t } = useTranslation()
  const me = useMe()
  const mayShare = me.role !== 'agent'
  const seesAll = me.brandIds === null
  const [shortcut, setShortcut] = useState(reply?.shortcut ?? '')
  const [title, setTitle] = useState(reply?.title ?? '')
  const [texts, setTexts] = useState({ zh: reply?.zh ?? '', en: reply?.en ?? '' })
  const [shared, setShared] = useState(reply?.shared ?? false)
  const [brandId, setBrandId] = useState(reply?.brandId ?? (seesAll ? everyBrand : (brands[0]?.id ?? everyBrand)))
  const fields = { zh: useRef<HTMLDivElement>(null), en: useRef<HTMLDivElement>(null) }
  const saving = useMutation({
    mutationFn: () => {
      const body: NewQuickReply = {
        shortcut: shortcut.trim(),
        title: title.trim(),
        zh: texts.zh.trim(),
        en: texts.en.trim(),
        shared,
        brandId: shared && brandId !== everyBrand ? brandId : null,
      }
      return reply
        ? request<QuickReply>(`/api/quick-replies/${reply.id}`, { method: 'PUT', body })
        : request<QuickReply>('/api/quick-replies', { method: 'POST', body })
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.quickReplies })
      onClose()
    },
  })
  const badShortcut = /[\s/]/u.test(shortcut.trim())
  const unknown = { zh: unknownVariable(texts.zh), en: unknownVariable(texts.en) }
  const complete =
    shortcut.trim() !== '' && title.trim() !== '' && `${texts.zh}${texts.en}`.trim() !== '' && !badShortcut
  /** Where the caret stands in that text. */
  const insert = (language: 'zh' | 'en', words: string) => {
    const area = fields[language].current?.querySelector('textarea')
    const [from, to] = area
      ? [area.selectionStart, area.selectionEnd]
      : [texts[language].length, texts[language].length]
    const text = texts[language]
    setTexts({ ...texts, [language]: `${text.slice(0, from)}{{${words}}}${text.slice(to)}` })
    area?.focus()
  }
  const text = (language: 'zh' | 'en') => {
    const name = unknown[language]
    return (
      <div ref={fields[language]} className={styles.form}>
        <TextArea
          label={t(`quick.${language}`)}
          value={texts[language]}
          onChange={(value) => setTexts({ ...texts, [language]: value })}
          maxLength={4000}
          lang={language === 'zh' ? 'zh-CN' : 'en'}
          error={name === null ? null : t('quick.unknownVariable', { name })}
        />
        {texts[language].trim() !== '' && name === null && (
          <p className={styles.words} lang={language === 'zh' ? 'zh-CN' : 'en'}>
            <strong>{t('quick.preview')}</strong> {fill(texts[language], samples[language])}
          </p>
        )}
        <fieldset className={styles.variables} aria-label={`${t('quick.variables')}: ${t(`quick.${language}`)}`}>
          {variableNames.map((variable) => {
            const words = variableWords[language][variable]
            return (
              <Button
                key={variable}
                small
                onClick={() => insert(language, words)}
                title={t(`quick.variableHelp.${variable}`)}
              >
                {`{{${words}}}`}
              </Button>
            )
          })}
        </fieldset>
      </div>
    )
  }
  return (
    <Dialog open onClose={onClose} title={t(reply ? 'quick.editTitle' : 'quick.add')} wide>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (complete) saving.mutate()
        }}
      >
        <div className={styles.pair}>
          <TextField label={t('quick.title')} value={title} onChange={setTitle} required maxLength={100} />
          <TextField
            label={t('quick.shortcut')}
            help={t('quick.shortcutHelp')}
            value={shortcut}
            onChange={setShortcut}
            required
            maxLength={30}
            error={badShortcut ? t('quick.badShortcut') : null}
          />
        </div>
        <p className={styles.faint}>{t('quick.textHelp')}</p>
        {text('zh')}
        {text('en')}
        {mayShare && (
          <div className={styles.pair}>
            <div className={styles.setting}>
              <div className={styles.label}>{t('quick.who')}</div>
              <Segments<'me' | 'all'>
                label={t('quick.who')}
                value={shared ? 'all' : 'me'}
                onChange={(who) => setShared(who === 'all')}
                choices={[
                  { value: 'me', label: t('quick.onlyMe') },
                  { value: 'all', label: t('quick.everybody') },
                ]}
              />
            </div>
            {shared && (
              <Field label={t('quick.brand')}>
                {({ id }) => (
                  <Select
                    id={id}
                    value={brandId}
                    onChange={setBrandId}
                    choices={[
                      ...(seesAll ? [{ value: everyBrand, label: t('quick.allBrands') }] : []),
                      ...brands.map(({ id: value, name: label }) => ({ value, label })),
                    ]}
                  />
                )}
              </Field>
            )}
          </div>
        )}
        {saving.isError && <ErrorNote error={saving.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            look="primary"
            type="submit"
            busy={saving.isPending}
            disabled={!complete || unknown.zh !== null || unknown.en !== null}
          >
            {t('common.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
