import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Media } from '../api/wire.ts'
import buttons from '../ui/Button.module.css'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Icon } from '../ui/Icon.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import styles from './Media.module.css'

const zooms = [1, 2, 4] as const

/** Pictures as large as they are, one after the other; loaded when one is first opened. */
export function Viewer({
  pictures,
  start,
  onClose,
}: {
  /** Of one message. */
  readonly pictures: readonly Media[]
  readonly start: string
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const [id, setId] = useState(start)
  const [zoom, setZoom] = useState(0)
  const at = Math.max(
    0,
    pictures.findIndex((picture) => picture.id === id),
  )
  const picture = pictures[at]
  if (!picture) return null
  const name = picture.name ?? t(`media.kind.${picture.kind}`)
  const source = `/api/media/${picture.id}`
  const go = (step: number) => {
    const next = pictures[at + step]
    if (!next) return
    setId(next.id)
    setZoom(0)
  }
  const turn = (step: number) => setZoom((now) => Math.min(Math.max(now + step, 0), zooms.length - 1))
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => go(-1),
    ArrowRight: () => go(1),
    '+': () => turn(1),
    '=': () => turn(1),
    '-': () => turn(-1),
  }
  return (
    <Dialog open onClose={onClose} title={name} wide>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are a second way to its buttons */}
      <div
        className={styles.viewer}
        onKeyDown={(event) => {
          const act = keys[event.key]
          if (!act) return
          // A picture that is larger than its frame scrolls by the arrows.
          if (event.key.startsWith('Arrow') && zoom > 0) return
          event.preventDefault()
          act()
        }}
      >
        <div className={styles.bar}>
          {pictures.length > 1 && (
            <>
              <Button small icon="back" disabled={at === 0} onClick={() => go(-1)}>
                {t('media.previous')}
              </Button>
              <span role="status">{t('media.position', { at: at + 1, of: pictures.length })}</span>
              <Button small icon="right" disabled={at === pictures.length - 1} onClick={() => go(1)}>
                {t('media.next')}
              </Button>
            </>
          )}
          <IconButton
            small
            icon="plus"
            label={t('media.larger')}
            disabled={zoom === zooms.length - 1}
            onClick={() => turn(1)}
          />
          <IconButton small icon="minus" label={t('media.smaller')} disabled={zoom === 0} onClick={() => turn(-1)} />
          <a
            className={`${buttons.button} ${buttons.plain} ${buttons.small}`}
            href={source}
            download={picture.name ?? ''}
          >
            <Icon name="download" size={16} />
            {t('media.save')}
          </a>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <div className={styles.frame} tabIndex={0}>
          <img key={picture.id} className={styles.large} data-zoom={zooms[zoom]} src={source} alt={name} />
        </div>
      </div>
    </Dialog>
  )
}
