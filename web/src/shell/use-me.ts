import { useSuspenseQuery } from '@tanstack/react-query'
import { meQuery } from '../api/queries.ts'
import type { Me } from '../api/wire.ts'

/** Who is signed in. Only below the signed-in pages, which read it first. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data
}

export function isAdministrator(me: Me): boolean {
  return me.role === 'administrator'
}
