import { useTranslation } from 'react-i18next'
import { bindings, commandIds, commands } from '../keyboard/commands.ts'
import { KeyName } from '../keyboard/KeyName.tsx'
import { chord } from '../palette/use-palette-key.ts'
import { usePreferences } from '../preferences/preferences.ts'
import { Dialog } from '../ui/Dialog.tsx'
import styles from './Shortcuts.module.css'

export function Shortcuts({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { sendKey, keys } = usePreferences()
  const bound = bindings(keys)
  const of = (group: 'list' | 'ticket' | 'mentions' | 'other') =>
    commandIds.filter((id) => commands[id].group === group).map((id) => [[bound[id]], t(`commands.${id}`)] as const)
  const groups = [
    { title: t('shortcuts.list'), keys: [...of('list'), [['Enter'], t('shortcuts.open')] as const] },
    { title: t('shortcuts.ticket'), keys: of('ticket') },
    { title: t('shortcuts.mentions'), keys: of('mentions') },
    {
      title: t('shortcuts.write'),
      keys: [
        [sendKey === 'enter' ? ['Enter', 'Ctrl+Enter'] : ['Ctrl+Enter', '⌘+Enter'], t('shortcuts.send')] as const,
        [['/'], t('quick.list')] as const,
        [['Esc'], t('shortcuts.leave')] as const,
      ],
    },
    { title: t('shortcuts.other'), keys: [[[chord], t('shortcuts.palette')] as const, ...of('other')] },
  ]
  return (
    <Dialog open={open} onClose={onClose} title={t('shortcuts.title')} description={t('shortcuts.intro')} wide>
      <div className={styles.groups}>
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className={styles.title}>{group.title}</h3>
            <dl className={styles.list}>
              {group.keys.map(([pressed, words]) => (
                <div key={words} className={styles.row}>
                  <dt>{words}</dt>
                  <dd>
                    {pressed.map((key) => (
                      <KeyName key={key} binding={key} />
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
