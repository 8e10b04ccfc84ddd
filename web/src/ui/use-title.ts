import { useEffect } from 'react'
import { showTitle } from '../notify/badge.ts'

/** The tab's title: the page, then the product. */
export function useTitle(page: string): void {
  useEffect(() => showTitle(page), [page])
}
