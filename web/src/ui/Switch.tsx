import { Switch as Radix } from 'radix-ui'
import styles from './Field.module.css'

export function Switch({
  id,
  checked,
  onChange,
  describedBy,
}: {
  readonly id: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly describedBy?: string | undefined
}) {
  return (
    <Radix.Root
      id={id}
      className={styles.switch}
      checked={checked}
      onCheckedChange={onChange}
      aria-describedby={describedBy}
    >
      <Radix.Thumb className={styles.thumb} />
    </Radix.Root>
  )
}
