import { Dialog as Radix } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../ui/IconButton.tsx'
import styles from './Drawer.module.css'
import { Sidebar, type SidebarProps } from './Sidebar.tsx'

interface OpenDrawerProps extends Pick<SidebarProps, 'place'> {
  readonly onClose: () => void
}

export function OpenDrawer({ place, onClose }: OpenDrawerProps) {
  const { t } = useTranslation()
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles.scrim} />
        <Radix.Content className={styles.drawer} aria-describedby={undefined}>
          <Radix.Title className={styles.title}>{t('nav.main')}</Radix.Title>
          <Sidebar place={place} onNavigate={onClose} />
          <Radix.Close asChild>
            <IconButton icon="close" label={t('common.close')} className={styles.close} />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
