import styles from './Avatar.module.css'
import { initialOf } from './initial.ts'

/** The first character of a name on a colour that is the same each time. The name stands beside it. */
export function Avatar({
  id,
  name,
  size = 34,
}: {
  readonly id: string
  readonly name: string
  readonly size?: number
}) {
  let sum = 0
  for (const character of id) sum = (sum * 31 + character.codePointAt(0)!) % 997
  return (
    <span
      aria-hidden="true"
      className={styles.avatar}
      style={{ inlineSize: size, blockSize: size, fontSize: size * 0.42, color: `var(--hue-${sum % 8})` }}
    >
      {initialOf(name)}
    </span>
  )
}
