/** Draws with ECharts, of which only the parts used are taken. Loaded when there is a chart to draw. */
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

export interface ChartData {
  /** Along time: a line; hours: bars; else bars that lie, the longest first. */
  readonly kind: 'line' | 'bars' | 'lying'
  readonly names: readonly string[]
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[]
  readonly format: (value: number) => string
  /** The same, short: beside the axis. */
  readonly axis: (value: number) => string
  /** There are no halves of it. */
  readonly whole: boolean
}

/** Until the returned function is called, it follows its box's size and the theme. */
export function draw(box: HTMLElement, data: ChartData): () => void {
  const chart = init(box, null, { renderer: 'canvas' })
  const paint = () => chart.setOption(optionOf(data, colours(box)), true)
  paint()
  const size = new ResizeObserver(() => chart.resize())
  size.observe(box)
  const theme = new MutationObserver(paint)
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  const system = matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', paint)
  return () => {
    size.disconnect()
    theme.disconnect()
    system.removeEventListener('change', paint)
    chart.dispose()
  }
}

const tokens = ['text', 'text-soft', 'line', 'raised', 'line-strong', 'hue-1', 'hue-2'] as const
type Colours = Readonly<Record<(typeof tokens)[number], string>>

/** The tokens as colours a canvas knows: the browser works `light-dark()` out only for a real property. */
function colours(box: HTMLElement): Colours {
  const probe = document.createElement('i')
  box.append(probe)
  const of = (token: string) => {
    probe.style.color = `var(--${token})`
    return getComputedStyle(probe).color
  }
  const found = Object.fromEntries(tokens.map((token) => [token, of(token)])) as Colours
  probe.remove()
  return found
}

function optionOf({ kind, names, series, format, axis, whole }: ChartData, colour: Colours): EChartsCoreOption {
  const text = { color: colour['text-soft'], fontFamily: 'system-ui, sans-serif', fontSize: 12 }
  const value = {
    type: 'value',
    ...(whole ? { minInterval: 1 } : {}),
    axisLabel: { ...text, formatter: axis },
    splitLine: { lineStyle: { color: colour.line } },
  }
  const category = {
    type: 'category',
    data: names,
    inverse: kind === 'lying',
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colour['line-strong'] } },
    axisLabel: { ...text, ...(kind === 'lying' ? { width: 150, overflow: 'truncate' } : { hideOverlap: true }) },
  }
  return {
    animation: false,
    color: [colour['hue-1'], colour['hue-2']],
    grid: { left: 4, right: 20, top: series.length > 1 ? 34 : 12, bottom: 4, containLabel: true },
    legend: { show: series.length > 1, top: 0, textStyle: text, itemHeight: 10 },
    // Drawn, not written into the page: what customers' platforms are called is text only.
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: colour.raised,
      borderColor: colour.line,
      textStyle: { ...text, color: colour.text },
      axisPointer: { type: kind === 'line' ? 'line' : 'shadow' },
      valueFormatter: (one: unknown) => (typeof one === 'number' ? format(one) : '–'),
    },
    xAxis: kind === 'lying' ? value : category,
    yAxis: kind === 'lying' ? category : value,
    series: series.map(({ name, values }) => ({
      name,
      type: kind === 'line' ? 'line' : 'bar',
      data: values,
      barMaxWidth: 26,
      symbolSize: 5,
      showSymbol: values.length < 40,
    })),
  }
}
