import { Toast as Radix } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { Button } from './Button.tsx'
import { Icon } from './Icon.tsx'
import { IconButton } from './IconButton.tsx'
import styles from './Toaster.module.css'
import { dismiss, useToasts } from './toast.ts'

export function Toaster() {
  const { t } = useTranslation()
  const toasts = useToasts()
  return (
    <Radix.Provider label={t('common.notice')} swipeDirection="down">
      {toasts.map(({ id, text, tone, action, durationMs }) => (
        <Radix.Root
          key={id}
          className={styles.toast}
          data-tone={tone}
          duration={durationMs}
          onOpenChange={(open) => !open && dismiss(id)}
        >
          {tone === 'danger' && (
            <span className={styles.warning}>
              <Icon name="warning" />
            </span>
          )}
          <Radix.Description className={styles.words}>{text}</Radix.Description>
          {action && (
            <Radix.Action asChild altText={action.label}>
              <Button small look="plain" onClick={action.run}>
                {action.label}
              </Button>
            </Radix.Action>
          )}
          <Radix.Close asChild>
            <IconButton small icon="close" label={t('common.close')} />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className={styles.viewport} label={t('common.notices')} />
    </Radix.Provider>
  )
}
