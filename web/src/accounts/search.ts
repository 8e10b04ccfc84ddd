/** What the addresses of the accounts' pages say behind `?`. Pure, and small: the router reads them. */

export const standings = ['all', 'trouble', 'paused', 'ok'] as const
export type Standing = (typeof standings)[number]

export interface AccountsSearch {
  readonly brand?: string
  readonly state?: Exclude<Standing, 'all'>
}

export function readAccountsSearch(raw: Readonly<Record<string, unknown>>): AccountsSearch {
  const state = standings.slice(1).find((one) => one === raw.state) as AccountsSearch['state']
  return {
    ...(typeof raw.brand === 'string' && /^[\da-f-]{36}$/iu.test(raw.brand) ? { brand: raw.brand } : {}),
    ...(state ? { state } : {}),
  }
}

export interface LogSearch {
  readonly delivery?: string
  readonly result?: 'failed'
  readonly q?: string
}

const id = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/iu

/** Reads an address anybody may have written. */
export function readLogSearch(raw: Readonly<Record<string, unknown>>): LogSearch {
  const q = typeof raw.q === 'string' ? raw.q.trim().slice(0, 200) : ''
  return {
    ...(typeof raw.delivery === 'string' && id.test(raw.delivery) ? { delivery: raw.delivery } : {}),
    ...(raw.result === 'failed' ? { result: 'failed' as const } : {}),
    ...(q === '' ? {} : { q }),
  }
}
