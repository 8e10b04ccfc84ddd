import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { changeLanguage } from '../i18n/i18n.ts'
import { usePreferences } from '../preferences/preferences.ts'
import { Mark } from '../shell/Mark.tsx'
import { Segments } from '../ui/Segments.tsx'
import styles from './Entrance.module.css'

/** The page before anybody is signed in: the name of the house, a form, and the choice of language. */
export function Entrance({
  title,
  intro,
  children,
}: {
  readonly title: string
  readonly intro: string
  readonly children: ReactNode
}) {
  const { t } = useTranslation()
  const { language } = usePreferences()
  return (
    <main className={styles.entrance} id="main">
      <div className={styles.card}>
        <div className={styles.brand}>
          <Mark size={36} />
          <span>回信 Huixin</span>
        </div>
        <p className={styles.tagline}>{t('entrance.tagline')}</p>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.intro}>{intro}</p>
        {children}
      </div>
      <Segments
        label={t('preferences.language')}
        value={language}
        onChange={(next) => void changeLanguage(next)}
        choices={[
          { value: 'zh-CN', label: <span lang="zh-CN">中文</span> },
          { value: 'en', label: <span lang="en">English</span> },
        ]}
      />
    </main>
  )
}
