import styles from './Button.module.css'
import type { ButtonProps } from './Button.tsx'
import { Button } from './Button.tsx'
import type { IconName } from './icons.ts'

/** A control without words on it: the label is its name, and its tooltip. */
export function IconButton({
  label,
  icon,
  hint,
  className,
  look = 'quiet',
  ...rest
}: Omit<ButtonProps, 'children' | 'icon'> & {
  readonly label: string
  readonly icon: IconName
  readonly hint?: string
}) {
  return (
    <Button
      {...rest}
      look={look}
      icon={icon}
      aria-label={label}
      data-tip={hint ? `${label}  ${hint}` : label}
      className={[styles.icon, className].filter(Boolean).join(' ')}
    />
  )
}
