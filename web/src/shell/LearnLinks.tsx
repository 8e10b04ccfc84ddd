import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/Icon.tsx'
import styles from './Sidebar.module.css'
import { useMe } from './use-me.ts'

/** What is learnt from the tickets. */
export function LearnLinks({ onNavigate }: { readonly onNavigate: (() => void) | undefined }) {
  const { t } = useTranslation()
  const { role } = useMe()
  const link = {
    className: styles.link,
    onClick: onNavigate,
    activeProps: { 'aria-current': 'page' },
    activeOptions: { includeSearch: false },
  } as const
  return (
    <>
      <li className={styles.apart}>
        <Link to="/incidents" search={{}} {...link}>
          <Icon name="people" />
          {t('incident.title')}
        </Link>
      </li>
      <li>
        <Link to="/quality" search={{}} {...link}>
          <Icon name="doneAll" />
          {t('quality.title')}
        </Link>
      </li>
      {role !== 'agent' && (
        <li>
          <Link to="/figures" search={{}} {...link}>
            <Icon name="chart" />
            {t('figures.title')}
          </Link>
        </li>
      )}
    </>
  )
}
