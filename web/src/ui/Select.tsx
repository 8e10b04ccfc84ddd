import { getNonce } from 'get-nonce'
import { Select as Radix } from 'radix-ui'
import { Icon } from './Icon.tsx'
import styles from './Select.module.css'

export interface SelectProps<T extends string> {
  readonly value: T
  readonly onChange: (value: T) => void
  readonly choices: readonly { readonly value: T; readonly label: string }[]
  readonly id?: string
  readonly label?: string
  readonly describedBy?: string | undefined
}

export function Select<T extends string>({ value, onChange, choices, id, label, describedBy }: SelectProps<T>) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as T)}>
      <Radix.Trigger className={styles.trigger} id={id} aria-label={label} aria-describedby={describedBy}>
        <Radix.Value />
        <Radix.Icon className={styles.icon}>
          <Icon name="down" size={16} />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.content} position="popper" sideOffset={4} collisionPadding={10}>
          <Radix.Viewport {...(getNonce() ? { nonce: getNonce() } : {})}>
            {choices.map((choice) => (
              <Radix.Item key={choice.value} value={choice.value} className={styles.item}>
                <Radix.ItemText>{choice.label}</Radix.ItemText>
                <Radix.ItemIndicator className={styles.tick}>
                  <Icon name="done" size={16} />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
