import { useTranslation } from 'react-i18next'
import { measure } from '#channel/text.ts'
import { clockTime, exactSpan, figure, fullTime, money } from '../i18n/format.ts'
import { Icon } from '../ui/Icon.tsx'
import { allowanceOf } from './allowance.ts'
import styles from './Composer.module.css'
import { outlineOf, priceOf } from './outline.ts'
import { refusalText } from './refusal-text.ts'
import { SplitPreview } from './SplitPreview.tsx'
import type { ComposerState } from './use-composer.ts'

/** What an agent has to know before sending: length, time and replies left, how many messages it becomes, what it costs. */
export function ComposerFacts({ composer }: { readonly composer: ComposerState }) {
  const { t } = useTranslation()
  const { target, isNote, text, files, draftRefusal, unfilled, now, language } = composer
  const surface = target?.surface
  if (isNote || !target || !surface) return <div id="composer-facts" />
  const length = measure(text, surface.text.unit)
  const { max, unit } = surface.text
  const outline = outlineOf(surface, text, files)
  const allowance = allowanceOf(target.standing, now)
  const { pausedUntil, hold } = target.thread
  const price = priceOf(surface, text, files)
  return (
    <div className={styles.facts} id="composer-facts">
      {allowance && (
        <span
          className={styles.fact}
          data-tone={allowance.leftMs < 3_600_000 || allowance.replies === 1 ? 'doubt' : undefined}
        >
          <Icon name="clock" size={14} />
          {allowance.replies === null
            ? t('composer.window', { span: exactSpan(allowance.leftMs, language) })
            : t('composer.windowCount', { count: allowance.replies, span: exactSpan(allowance.leftMs, language) })}
        </span>
      )}
      {hold && (
        <span className={styles.fact} data-tone="doubt">
          <Icon name="hourglass" size={14} />
          {hold.until
            ? t('hold.composerUntil', {
                name: hold.by.name,
                time: fullTime(new Date(hold.until), language),
                reason: hold.reason,
              })
            : t('hold.composer', { name: hold.by.name, reason: hold.reason })}
        </span>
      )}
      {pausedUntil && Date.parse(pausedUntil) > now && (
        <span className={styles.fact} data-tone="doubt">
          <Icon name="hourglass" size={14} />
          {t('composer.paused', { time: clockTime(new Date(pausedUntil), language) })}
        </span>
      )}
      {surface.text.whenTooLong === 'split' && outline.textParts > 1 && (
        <SplitPreview surface={surface} text={text} files={files} count={outline.textParts} />
      )}
      {outline.fileParts > 1 && (
        <span className={styles.fact}>{t('composer.mediaParts', { count: outline.fileParts })}</span>
      )}
      {outline.fileParts > 0 && outline.textParts > 0 && (
        <span className={styles.fact}>{t('composer.captionApart')}</span>
      )}
      {surface.cost && price !== null && (
        <span className={styles.fact}>
          {t('composer.cost', { price: money(price, surface.cost.currency, language) })}
        </span>
      )}
      <span
        className={styles.count}
        data-tone={length > max ? (surface.text.whenTooLong === 'reject' ? 'danger' : undefined) : undefined}
      >
        {t('composer.count', {
          length: figure(length, language),
          max: figure(max, language),
          unit: t(`composer.unit.${unit}`),
        })}
      </span>
      <p role="status" className={styles.refusal}>
        {unfilled.length > 0
          ? t('quick.unfilled', { names: unfilled.map((name) => `{{${name}}}`).join(' ') })
          : draftRefusal && draftRefusal.code !== 'empty'
            ? refusalText(draftRefusal, t, language)
            : ''}
      </p>
    </div>
  )
}
