import { DropdownMenu as Radix } from 'radix-ui'
import { type ReactElement, type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { Icon } from './Icon.tsx'
import type { IconName } from './icons.ts'
import styles from './Menu.module.css'

export interface MenuProps {
  readonly trigger: ReactElement
  readonly align?: 'start' | 'end'
  /** Open from the beginning: it was loaded because somebody asked for it. */
  readonly defaultOpen?: boolean
  readonly children: ReactNode
}

/**
 * Not modal: the page behind stays what it is, and nothing has to be hidden from it. The menu is put into the landmark or
 * dialog its button stands in, where screen readers look for it.
 */
export function Menu({ trigger, align = 'start', defaultOpen = false, children }: MenuProps) {
  const place = useRef<HTMLSpanElement>(null)
  const [host, setHost] = useState<HTMLElement | null>(null)
  const [isOpen, setIsOpen] = useState(false)
  const show = (open: boolean) => {
    if (open) setHost(place.current?.closest<HTMLElement>('[role=dialog], aside, main') ?? null)
    setIsOpen(open)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is there
  useLayoutEffect(() => {
    if (defaultOpen) show(true)
  }, [])
  return (
    <Radix.Root modal={false} open={isOpen} onOpenChange={show}>
      <span ref={place} className={styles.place}>
        <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      </span>
      <Radix.Portal container={host}>
        <Radix.Content className={styles.menu} align={align} sideOffset={6} collisionPadding={10}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

export function MenuItem({
  icon,
  children,
  onSelect,
}: {
  readonly icon?: IconName
  readonly children: ReactNode
  readonly onSelect: () => void
}) {
  return (
    <Radix.Item className={styles.item} onSelect={onSelect}>
      <span className={styles.mark}>{icon && <Icon name={icon} size={16} />}</span>
      {children}
    </Radix.Item>
  )
}

export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return <Radix.Label className={styles.label}>{children}</Radix.Label>
}

export function MenuSeparator() {
  return <Radix.Separator className={styles.separator} />
}

/** One of several: the one that stands has a tick. */
export function MenuChoices<T extends string>({
  value,
  onChange,
  choices,
}: {
  readonly value: T | null
  readonly onChange: (value: T) => void
  readonly choices: readonly { readonly value: T; readonly label: ReactNode }[]
}) {
  return (
    <Radix.RadioGroup value={value ?? ''} onValueChange={(next) => onChange(next as T)}>
      {choices.map((choice) => (
        <Radix.RadioItem key={choice.value} value={choice.value} className={styles.item}>
          <span className={styles.mark}>
            <Radix.ItemIndicator>
              <Icon name="done" size={16} />
            </Radix.ItemIndicator>
          </span>
          {choice.label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  )
}
