import { CheckRow } from '../ui/CheckRow.tsx'
import styles from './Settings.module.css'
import teamStyles from './Teams.module.css'

/** Several of a list, under one name. */
export function CheckGroup({
  label,
  help,
  choices,
  chosen,
  onChange,
}: {
  readonly label: string
  readonly help?: string | undefined
  readonly choices: readonly { readonly value: string; readonly label: string }[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: string[]) => void
}) {
  return (
    <fieldset>
      <legend className={styles.label}>{label}</legend>
      {help && <p className={styles.faint}>{help}</p>}
      <div className={teamStyles.checks}>
        {choices.map(({ value, label: words }) => (
          <CheckRow
            key={value}
            checked={chosen.includes(value)}
            onChange={(on) => onChange(on ? [...chosen, value] : chosen.filter((one) => one !== value))}
          >
            <bdi>{words}</bdi>
          </CheckRow>
        ))}
      </div>
    </fieldset>
  )
}
