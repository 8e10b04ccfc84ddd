import { useEffect } from 'react'

/** The tab's title: the page, then the product. */
export function useTitle(page: string): void {
  useEffect(() => {
    document.title = `${page} · 回信 Huixin`
  }, [page])
}
