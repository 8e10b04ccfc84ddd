import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rule } from '../api/wire.ts'
import { figure, fullTime } from '../i18n/format.ts'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Switch } from '../ui/Switch.tsx'
import styles from './Rules.module.css'
import { useKnown } from './use-known.ts'
import { actionWords, conditionWords, failureWords, ruleName } from './words.ts'

interface RuleCardProps {
  readonly rule: Rule
  readonly place: number
  readonly onSwitch: (enabled: boolean) => void
  readonly onEdit: () => void
  readonly onDelete: () => void
  readonly onUp?: () => void
  readonly onDown?: () => void
}

export function RuleCard({ rule, place, onSwitch, onEdit, onDelete, onUp, onDown }: RuleCardProps) {
  const { t, i18n } = useTranslation()
  const id = useId()
  const known = useKnown()
  const name = ruleName(rule, i18n.language)
  return (
    <li className={styles.card} data-off={!rule.enabled || undefined}>
      <div className={styles.top}>
        <span className={styles.place} aria-hidden="true">
          {place}
        </span>
        <h2 className={styles.name}>
          <label htmlFor={id}>
            <bdi>{name}</bdi>
          </label>
        </h2>
        {rule.stops && <Pill icon="lock">{t('rules.stops')}</Pill>}
        {rule.failedAt && (
          <Pill tone="danger" icon="warning">
            {t('rules.failedOff')}
          </Pill>
        )}
        {rule.mine && <Switch id={id} checked={rule.enabled} onChange={onSwitch} />}
      </div>
      <p className={styles.line}>
        <b>{t('rules.when')}</b> {rule.conditions.map((one) => conditionWords(one, t, known)).join(t('rules.and'))}
      </p>
      <p className={styles.line}>
        <b>{t('rules.act')}</b>{' '}
        {rule.actions.map((one) => actionWords(one, t, known)).join(i18n.language === 'en' ? ', ' : '，')}
      </p>
      {rule.gone.map((code) => (
        <p key={code} className={styles.wrong}>
          {failureWords(code, t)}
        </p>
      ))}
      {rule.failures.length > 0 && (
        <ul className={styles.failures} aria-label={t('rules.failures')}>
          {rule.failures.map(({ code, at, ticket }) => (
            <li key={`${at} ${code}`}>
              {fullTime(new Date(at), i18n.language)} · {failureWords(code, t)}
              {ticket && (
                <>
                  {' · '}
                  <Link to="/inbox/$view/$ticketId" params={{ view: 'all', ticketId: ticket.id }} search={{}}>
                    {t('ticket.number', { number: ticket.number })}
                  </Link>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      <div className={styles.foot}>
        <span className={styles.hits}>
          {t('rules.hits', { count: rule.hits, figure: figure(rule.hits, i18n.language) })}
          {rule.lastHit && (
            <>
              {' · '}
              <Link to="/inbox/$view/$ticketId" params={{ view: 'all', ticketId: rule.lastHit.ticketId }} search={{}}>
                {t('rules.lastHit', { number: rule.lastHit.number })}
              </Link>
            </>
          )}
        </span>
        {(onUp || onDown) && (
          <>
            <IconButton small icon="up" label={t('category.up', { name })} aria-disabled={!onUp} onClick={onUp} />
            <IconButton
              small
              icon="down"
              label={t('category.down', { name })}
              aria-disabled={!onDown}
              onClick={onDown}
            />
          </>
        )}
        {rule.mine && (
          <Button small icon="edit" onClick={onEdit} aria-label={`${t('common.edit')} ${name}`}>
            {t('common.edit')}
          </Button>
        )}
        {rule.mine && !rule.shipped && (
          <Button small icon="trash" onClick={onDelete} aria-label={`${t('common.delete')} ${name}`}>
            {t('common.delete')}
          </Button>
        )}
      </div>
    </li>
  )
}
