import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SurfaceCapabilities } from '#channel/capabilities.ts'
import { measure } from '#channel/text.ts'
import { figure } from '../i18n/format.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import styles from './Composer.module.css'
import type { DraftFile } from './draft-store.ts'
import { textsOf } from './outline.ts'

interface SplitPreviewProps {
  readonly surface: SurfaceCapabilities
  readonly text: string
  readonly files: readonly Pick<DraftFile, 'kind'>[]
  readonly count: number
}

/** A long text becomes several messages: where it is cut is shown before anybody sends it. */
export function SplitPreview({ surface, text, files, count }: SplitPreviewProps) {
  const { t, i18n } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  const { max, unit } = surface.text
  return (
    <Dialog
      open={isOpen}
      onOpen={() => setIsOpen(true)}
      onClose={() => setIsOpen(false)}
      title={t('composer.splits', { count })}
      description={t('composer.splitHelp')}
      trigger={
        <Button small look="quiet" icon="eye">
          {t('composer.splits', { count })}
        </Button>
      }
      wide
    >
      <ol className={styles.split}>
        {(isOpen ? textsOf(surface, text, files) : []).map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no name but their place
          <li key={index}>
            <p dir="auto">{part}</p>
            <small>
              {t('composer.count', {
                length: figure(measure(part, unit), i18n.language),
                max: figure(max, i18n.language),
                unit: t(`composer.unit.${unit}`),
              })}
            </small>
          </li>
        ))}
      </ol>
    </Dialog>
  )
}
