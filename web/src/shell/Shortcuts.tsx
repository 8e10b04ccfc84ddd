import { useTranslation } from 'react-i18next'
import { usePreferences } from '../preferences/preferences.ts'
import { Dialog } from '../ui/Dialog.tsx'
import styles from './Shortcuts.module.css'

export function Shortcuts({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { sendKey } = usePreferences()
  const groups = [
    {
      title: t('shortcuts.list'),
      keys: [
        [['j'], t('shortcuts.next')],
        [['k'], t('shortcuts.previous')],
        [['Enter'], t('shortcuts.open')],
        [['/'], t('shortcuts.search')],
      ],
    },
    {
      title: t('shortcuts.ticket'),
      keys: [
        [['r'], t('shortcuts.reply')],
        [['n'], t('shortcuts.note')],
        [['e'], t('shortcuts.resolve')],
        [['a'], t('shortcuts.claim')],
        [['u'], t('shortcuts.back')],
      ],
    },
    {
      title: t('shortcuts.mentions'),
      keys: [
        [['t'], t('shortcuts.makeTicket')],
        [['e'], t('shortcuts.dismiss')],
        [['o'], t('shortcuts.openPost')],
      ],
    },
    {
      title: t('shortcuts.write'),
      keys: [
        [sendKey === 'enter' ? ['Enter', 'Ctrl+Enter'] : ['Ctrl+Enter', '⌘+Enter'], t('shortcuts.send')],
        [['Esc'], t('shortcuts.leave')],
        [['?'], t('shortcuts.help')],
      ],
    },
  ] as const
  return (
    <Dialog open={open} onClose={onClose} title={t('shortcuts.title')} description={t('shortcuts.intro')} wide>
      <div className={styles.groups}>
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className={styles.title}>{group.title}</h3>
            <dl className={styles.list}>
              {group.keys.map(([keys, words]) => (
                <div key={words} className={styles.row}>
                  <dt>{words}</dt>
                  <dd>
                    {keys.map((key) => (
                      <kbd key={key} className={styles.key}>
                        {key}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
