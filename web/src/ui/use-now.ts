/** The server's time, ticking. Components that share a pace share one timer. */
import { useSyncExternalStore } from 'react'
import { serverNow } from '../api/clock.ts'

const tickers = new Map<
  number,
  { readonly subscribe: (listener: () => void) => () => void; readonly read: () => number }
>()

function tickerOf(everyMs: number) {
  let ticker = tickers.get(everyMs)
  if (!ticker) {
    const listeners = new Set<() => void>()
    let now = serverNow()
    let timer: ReturnType<typeof setInterval> | undefined
    ticker = {
      subscribe(listener) {
        listeners.add(listener)
        timer ??= setInterval(() => {
          now = serverNow()
          for (const tell of listeners) tell()
        }, everyMs)
        return () => {
          listeners.delete(listener)
          if (listeners.size === 0) {
            clearInterval(timer)
            timer = undefined
          }
        }
      },
      read() {
        // Nobody listens yet: the first reader gets the time of now, not of the last tick.
        if (timer === undefined && Math.abs(serverNow() - now) >= everyMs) now = serverNow()
        return now
      },
    }
    tickers.set(everyMs, ticker)
  }
  return ticker
}

export function useNow(everyMs: number): number {
  const ticker = tickerOf(everyMs)
  return useSyncExternalStore(ticker.subscribe, ticker.read)
}
