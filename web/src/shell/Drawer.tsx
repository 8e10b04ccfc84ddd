import { Dialog as Radix } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../ui/IconButton.tsx'
import styles from './Drawer.module.css'
import { Sidebar, type SidebarProps } from './Sidebar.tsx'

/** The sidebar where there is no room for it: behind a button, on top of the page. */
export function DrawerButton({ place }: Pick<SidebarProps, 'place'>) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <Radix.Root open={open} onOpenChange={setOpen}>
      <Radix.Trigger asChild>
        <IconButton icon="menu" label={t('nav.openViews')} className={styles.button} />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Overlay className={styles.scrim} />
        <Radix.Content className={styles.drawer} aria-describedby={undefined}>
          <Radix.Title className={styles.title}>{t('nav.main')}</Radix.Title>
          <Sidebar place={place} onNavigate={() => setOpen(false)} />
          <Radix.Close asChild>
            <IconButton icon="close" label={t('common.close')} className={styles.close} />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
