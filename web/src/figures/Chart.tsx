import { useEffect, useRef } from 'react'
import type { ChartData } from './draw.ts'
import styles from './Figures.module.css'

/** The chart itself comes in a chunk of its own. What it shows stands in the table below it, too. */
export function Chart({ data, label }: { readonly data: ChartData; readonly label: string }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = box.current
    if (!element) return
    let gone = false
    let stop = () => {}
    void import('./draw.ts').then(({ draw }) => {
      if (!gone) stop = draw(element, data)
    })
    return () => {
      gone = true
      stop()
    }
  }, [data])
  return <div ref={box} className={styles.chart} role="img" aria-label={label} data-chart />
}
