import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { qrOf } from './qr.ts'
import styles from './Settings.module.css'

/** Black on white in both themes, with its quiet zone: cameras read nothing else surely. */
export function QrCode({ text, name }: { readonly text: string; readonly name: string }) {
  const { t } = useTranslation()
  const code = useMemo(() => qrOf(text), [text])
  if (!code) return null
  return (
    <figure className={styles.code}>
      <svg
        role="img"
        aria-label={t('accounts.scanAlt', { name })}
        viewBox={`0 0 ${code.size} ${code.size}`}
        shapeRendering="crispEdges"
      >
        <rect width={code.size} height={code.size} fill="#fff" />
        <path d={code.path} fill="#000" />
      </svg>
      <figcaption>{t('accounts.scanHelp')}</figcaption>
    </figure>
  )
}
