import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { changeLanguage } from '../i18n/i18n.ts'
import { changePreferences, type Language, type Preferences, usePreferences } from '../preferences/preferences.ts'
import { Segments } from '../ui/Segments.tsx'
import { Switch } from '../ui/Switch.tsx'
import { KeyMap } from './KeyMap.tsx'
import { NotificationSettings } from './NotificationSettings.tsx'
import { PasswordForm } from './PasswordForm.tsx'
import styles from './Settings.module.css'
import { SettingsPage } from './SettingsPage.tsx'

export function PreferencesPage() {
  const { t } = useTranslation()
  const { language, theme, sendKey, shortcuts } = usePreferences()
  const id = useId()
  return (
    <SettingsPage title={t('settings.preferences')} intro={t('preferences.intro')}>
      <div className={styles.rows}>
        <div className={styles.setting}>
          <div className={styles.label}>{t('preferences.language')}</div>
          <Segments<Language>
            label={t('preferences.language')}
            value={language}
            onChange={(next) => void changeLanguage(next)}
            choices={[
              { value: 'zh-CN', label: <span lang="zh-CN">中文</span> },
              { value: 'en', label: <span lang="en">English</span> },
            ]}
          />
        </div>
        <div className={styles.setting}>
          <div className={styles.label}>{t('preferences.theme')}</div>
          <Segments<Preferences['theme']>
            label={t('preferences.theme')}
            value={theme}
            onChange={(next) => changePreferences({ theme: next })}
            choices={(['system', 'light', 'dark'] as const).map((value) => ({
              value,
              label: t(`preferences.themes.${value}`),
            }))}
          />
        </div>
        <div className={styles.setting}>
          <div>
            <p className={styles.label}>{t('preferences.sendKey')}</p>
            <p className={styles.faint}>{t('preferences.sendKeyHelp')}</p>
          </div>
          <Segments<Preferences['sendKey']>
            label={t('preferences.sendKey')}
            value={sendKey}
            onChange={(next) => changePreferences({ sendKey: next })}
            choices={(['enter', 'ctrl-enter'] as const).map((value) => ({
              value,
              label: t(`preferences.sendKeys.${value}`),
            }))}
          />
        </div>
        <div className={styles.setting}>
          <div>
            <label className={styles.label} htmlFor={id}>
              {t('preferences.shortcuts')}
            </label>
            <p className={styles.faint} id={`${id}-help`}>
              {t('preferences.shortcutsHelp')}
            </p>
          </div>
          <Switch
            id={id}
            describedBy={`${id}-help`}
            checked={shortcuts}
            onChange={(on) => changePreferences({ shortcuts: on })}
          />
        </div>
      </div>
      <NotificationSettings />
      {shortcuts && <KeyMap />}
      <PasswordForm />
    </SettingsPage>
  )
}
