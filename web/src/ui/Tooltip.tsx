import { Tooltip as Radix } from 'radix-ui'
import type { ReactElement } from 'react'
import styles from './Tooltip.module.css'

export const TooltipProvider = Radix.Provider

/** Extra words for a control that already has a name. */
export function Tooltip({ text, children }: { readonly text: string; readonly children: ReactElement }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.tooltip} sideOffset={6} collisionPadding={8}>
          {text}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
