import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Media } from '../api/wire.ts'
import { fileSize } from '../i18n/format.ts'
import { Icon } from '../ui/Icon.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import styles from './Media.module.css'
import { mediaReasonKey, mediaShape } from './media.ts'

const Viewer = lazy(async () => ({ default: (await import('./Viewer.tsx')).Viewer }))
const isPicture = (media: Media) => media.state === 'ready' && mediaShape(media) === 'image'

/** A file of a message, from our own API only: a platform's address never reaches the browser. */
export function MediaItem({ media, all = [media] }: { readonly media: Media; readonly all?: readonly Media[] }) {
  const { t, i18n } = useTranslation()
  const [isBroken, setIsBroken] = useState(false)
  const kind = t(`media.kind.${media.kind}`)
  const name = media.name ?? kind
  const source = `/api/media/${media.id}`
  if (media.state === 'pending') {
    return (
      <p className={styles.wait}>
        <Spinner size={14} />
        {t('media.pending', { kind })}
      </p>
    )
  }
  if (media.state === 'failed') {
    const reason = mediaReasonKey(media.reason)
    return (
      <p className={styles.failed}>
        <Icon name="warning" size={16} />
        {t('media.failed', { kind })}
        {reason && ` · ${t(reason)}`}
      </p>
    )
  }
  const shape = isBroken ? 'file' : mediaShape(media)
  if (shape === 'image')
    return <Picture media={media} all={all} name={name} source={source} onBroken={() => setIsBroken(true)} />
  if (shape === 'video') {
    // biome-ignore lint/a11y/useMediaCaption: a customer's clip has no captions
    return <video className={styles.video} controls preload="metadata" src={source} aria-label={name} />
  }
  if (shape === 'audio') {
    // biome-ignore lint/a11y/useMediaCaption: a customer's voice message has no captions
    return <audio className={styles.audio} controls preload="none" src={source} aria-label={name} />
  }
  return (
    <a className={styles.file} href={source} download={media.name ?? ''}>
      <Icon name="file" />
      <bdi className={styles.fileName}>{media.name ?? t('media.unnamed', { kind })}</bdi>
      {media.bytes !== null && <span className={styles.size}>{fileSize(media.bytes, i18n.language)}</span>}
      <Icon name="download" size={16} />
      <span className="aside">{t('media.save')}</span>
    </a>
  )
}

function Picture({
  media,
  all,
  name,
  source,
  onBroken,
}: {
  readonly media: Media
  readonly all: readonly Media[]
  readonly name: string
  readonly source: string
  readonly onBroken: () => void
}) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className={styles.picture}
        data-kind={media.kind}
        onClick={() => setOpen(true)}
        aria-label={t('media.open', { name })}
      >
        {/* Its size is known before it is there: nothing jumps. */}
        <img
          src={source}
          alt=""
          loading="lazy"
          width={media.width ?? undefined}
          height={media.height ?? undefined}
          onError={onBroken}
        />
      </button>
      <Suspense fallback={null}>
        {open && <Viewer pictures={all.filter(isPicture)} start={media.id} onClose={() => setOpen(false)} />}
      </Suspense>
    </>
  )
}
