/** Money as people write it, and as whole minor units. Pure. */

/** How many figures stand behind the point: 2 of a yuan, none of a yen. */
export function digitsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

/** Null: not an amount of this currency. Never by way of a fraction, which 0.29 * 100 is. */
export function toMinor(text: string, currency: string): number | null {
  const digits = digitsOf(currency)
  const found = /^(?<whole>\d{1,10})(?:\.(?<part>\d+))?$/u.exec(text.trim().replaceAll(',', ''))
  const part = found?.groups?.part ?? ''
  if (!found || part.length > digits) return null
  return Number(`${found.groups?.whole}${part.padEnd(digits, '0')}`)
}

export function fromMinor(minor: number, currency: string): string {
  const digits = digitsOf(currency)
  const text = String(minor).padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}

export function shownMoney({ minor, currency }: { readonly minor: number; readonly currency: string }, locale: string) {
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(minor / 10 ** digitsOf(currency))
}
