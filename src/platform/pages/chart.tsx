import type { Child } from 'hono/jsx'

/** One row of bars, each value a plain decimal text; null where nothing is known. */
export interface BarSeries {
  readonly name: string
  readonly values: readonly (string | null)[]
}

/** Bars by category: months, age classes, names. A picture rounds; the table beside it says what is exact. */
export interface BarChart {
  /** Said by readers of the screen when the picture is opened by itself. */
  readonly title: string
  readonly unit: string
  /** Below the bars, in one or two lines each. */
  readonly categories: readonly string[]
  readonly series: readonly BarSeries[]
  readonly language: 'zh' | 'en'
  /** On top of each other instead of side by side. */
  readonly stacked?: boolean
  /** From left to right, for names that need room. */
  readonly lying?: boolean
  /** 0 to 100. */
  readonly percent?: boolean
  /** Narrow for a phone: the picture is drawn anew, not made small. */
  readonly narrow?: boolean
}

const wide = 760
const slim = 360
const letter = 12

/** Inks and fills that stay apart in grey: full, hatched, dotted, open. */
const fills = ['full', 'hatch', 'dots', 'open'] as const
const style = `
text{font:${letter}px "Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif;fill:#1c2733;font-variant-numeric:tabular-nums}
.quiet{fill:#52606d}.rule{stroke:#dfe5ea}.base{stroke:#52606d}.paper{fill:#fff}
.full{fill:#0b5c8a}.hatch{fill:url(#hatch)}.dots{fill:url(#dots)}.open{fill:#fff}.bar{stroke:#0b5c8a;stroke-width:1}
.ink{stroke:#0b5c8a;fill:#0b5c8a}.under{fill:#fff}
@media (prefers-color-scheme:dark){text{fill:#e3e9ee}.quiet{fill:#a5b1bc}.rule{stroke:#2d3740}.base{stroke:#a5b1bc}
.paper,.open,.under{fill:#161c22}.full{fill:#6db9e6}.bar{stroke:#6db9e6}.ink{stroke:#6db9e6;fill:#6db9e6}}
@media print{text{fill:#000}.paper,.open,.under{fill:#fff}.rule{stroke:#bbb}.full{fill:#333}.bar,.ink{stroke:#333}.ink{fill:#333}}`
const patterns = `<defs>
<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="under" width="6" height="6"/><rect class="ink" stroke="none" width="2.4" height="6"/></pattern>
<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="under" width="6" height="6"/><circle class="ink" stroke="none" cx="3" cy="3" r="1.3"/></pattern>
</defs>`

/** The bars as an SVG image that stands alone: of its own size, readable in grey, on paper and on a dark screen. */
export function barChart(chart: BarChart): string {
  const width = chart.narrow ? slim : wide
  return chart.lying ? lyingBars(chart, width) : standingBars(chart, width)
}

// Lengths of bars, in pixels: nothing that is computed here is ever an amount.
const lengthOf = (value: string | null): number => (value === null ? 0 : Number(value))

function standingBars(chart: BarChart, width: number): string {
  const { categories, series, stacked = false, narrow = false } = chart
  const height = narrow ? 260 : 300
  const legend = series.length > 1 ? legendOf(chart, width, 20) : { marks: '', height: 0 }
  const scale = scaleOf(chart)
  const lines = categories.some((category) => category.includes('\n')) ? 2 : 1
  const [left, right, top, bottom] = [narrow ? 48 : 60, 6, 30 + legend.height, 10 + 16 * lines]
  const y = (value: number) =>
    top + (height - top - bottom) * (1 - (value - scale.least) / (scale.most - scale.least || 1))
  const step = (width - left - right) / Math.max(1, categories.length)
  const group = step * (categories.length > 6 ? 0.7 : 0.5)
  const parts: string[] = [`<text class="quiet" x="2" y="14">${escaped(chart.unit)}</text>`, legend.marks]
  for (const tick of scale.ticks) {
    parts.push(
      `<line class="${tick === 0 ? 'base' : 'rule'}" x1="${left}" x2="${width - right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/>`,
      `<text class="quiet" text-anchor="end" x="${left - 6}" y="${at(y(tick) + 4)}">${compact(tick, chart)}</text>`,
    )
  }
  categories.forEach((category, index) => {
    const middle = left + step * (index + 0.5)
    category.split('\n').forEach((line, lineNo) => {
      const y = height - bottom + 16 * (lineNo + 1)
      parts.push(`<text text-anchor="middle" x="${at(middle)}" y="${y}">${escaped(line)}</text>`)
    })
    let [above, below] = [0, 0]
    series.forEach(({ values }, place) => {
      const value = lengthOf(values[index] ?? null)
      const bar = stacked ? group : group / series.length
      const x = stacked ? middle - group / 2 : middle - group / 2 + bar * place
      const base = stacked ? (value < 0 ? below : above) : 0
      if (value < 0) below += value
      else above += value
      const [from, to] = [y(base), y(base + value)]
      if (from !== to) parts.push(barOf(place, x, Math.min(from, to), bar, Math.abs(from - to)))
      if (values[index] === null)
        parts.push(`<text class="quiet" text-anchor="middle" x="${at(x + bar / 2)}" y="${at(y(0) - 4)}">—</text>`)
    })
    const said = compact(above + below, chart)
    if ((stacked || series.length === 1) && above + below !== 0 && widthOf(said) < step)
      parts.push(`<text text-anchor="middle" x="${at(middle)}" y="${at(y(above) - 5)}">${said}</text>`)
  })
  return whole(chart, width, height, parts)
}

function lyingBars(chart: BarChart, width: number): string {
  const { categories, series, narrow = false } = chart
  const row = narrow ? 44 : 30
  const height = 24 + row * Math.max(1, categories.length) + 6
  const [left, right] = [narrow ? 8 : 250, 84]
  const scale = scaleOf(chart)
  const x = (value: number) => left + ((width - left - right) * Math.max(0, value)) / (scale.most || 1)
  const parts = [`<text class="quiet" x="2" y="14">${escaped(chart.unit)}</text>`]
  categories.forEach((category, index) => {
    const top = 24 + row * index
    const name = shortened(category, narrow ? width - 16 : left - 12)
    const value = lengthOf(series[0]?.values[index] ?? null)
    const [barTop, thick] = narrow ? [top + 18, 16] : [top + 6, 18]
    parts.push(
      narrow
        ? `<text x="${left}" y="${top + 13}">${escaped(name)}</text>`
        : `<text text-anchor="end" x="${left - 8}" y="${top + 19}">${escaped(name)}</text>`,
      barOf(0, left, barTop, Math.max(1, x(value) - left), thick),
      `<text x="${at(x(value) + 6)}" y="${barTop + 13}">${compact(value, chart)}</text>`,
    )
  })
  return whole(chart, width, height, parts)
}

const barOf = (place: number, x: number, y: number, width: number, height: number): string =>
  `<rect class="bar ${fills[place % fills.length]}" x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}"/>`

function legendOf({ series }: BarChart, width: number, top: number): { marks: string; height: number } {
  let [x, row] = [2, 0]
  const marks = series.map(({ name }, place) => {
    const needs = 18 + widthOf(name) + 18
    if (x + needs > width && x > 2) [x, row] = [2, row + 1]
    const y = top + row * 18
    const mark = `${barOf(place, x, y, 12, 12)}<text x="${x + 18}" y="${y + 11}">${escaped(name)}</text>`
    x += needs
    return mark
  })
  return { marks: marks.join(''), height: (row + 1) * 18 + 6 }
}

function whole(chart: BarChart, width: number, height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" lang="${chart.language === 'zh' ? 'zh-CN' : 'en'}"><title>${escaped(chart.title)}</title><style>${style}</style>${patterns}<rect class="paper" width="${width}" height="${height}"/>${parts.join('')}</svg>`
}

/** Round steps between the least and the most, with zero among them. */
function scaleOf({ series, categories, stacked = false, percent = false }: BarChart): {
  readonly least: number
  readonly most: number
  readonly ticks: readonly number[]
} {
  if (percent) return { least: 0, most: 100, ticks: [0, 25, 50, 75, 100] }
  const heights = categories.flatMap((_, index) => {
    const values = series.map(({ values }) => lengthOf(values[index] ?? null))
    if (!stacked) return values
    const sum = (those: readonly number[]) => those.reduce((a, b) => a + b, 0)
    return [sum(values.filter((value) => value > 0)), sum(values.filter((value) => value < 0))]
  })
  const [least, most] = [Math.min(0, ...heights), Math.max(0, ...heights)]
  const rough = (most - least) / 4 || 1
  const power = 10 ** Math.floor(Math.log10(rough))
  const unit = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const [from, to] = [Math.floor(least / unit), Math.max(1, Math.ceil(most / unit))]
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => (from + index) * unit)
  return { least: from * unit, most: to * unit, ticks }
}

/** A number short enough for a bar: 1.7万, 17.3k. */
function compact(value: number, { language, percent = false }: BarChart): string {
  if (percent) return `${short(value)}%`
  const steps: readonly (readonly [number, string])[] =
    language === 'zh'
      ? [
          [1e8, '亿'],
          [1e4, '万'],
        ]
      : [
          [1e6, 'M'],
          [1e3, 'k'],
        ]
  const [unit, word] = steps.find(([limit]) => Math.abs(value) >= limit) ?? [1, '']
  return `${short(value / unit)}${word}`
}
const short = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : 1 })

const at = (pixels: number): string => String(Math.round(pixels * 10) / 10)
/** About as wide as it will be drawn: letters of Han are as wide as they are high. */
const widthOf = (text: string): number =>
  [...text].reduce((sum, each) => sum + (each.charCodeAt(0) > 0x2e80 ? letter : letter * 0.62), 4)

function shortened(text: string, room: number): string {
  if (widthOf(text) <= room) return text
  let kept = text
  while (kept.length > 1 && widthOf(`${kept}…`) > room) kept = kept.slice(0, -1)
  return `${kept}…`
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** The answer of an image's own address. Its style is its own; the policy of the pages lets none into theirs. */
export function chartAnswer(chart: BarChart): Response {
  return new Response(barChart(chart), {
    headers: {
      'content-type': 'image/svg+xml; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      vary: 'cookie, accept-language',
    },
  })
}

/** A picture in a page: drawn for a desk or for a phone, told in words to whoever does not see it. */
export function Chart({
  src,
  alt,
  children,
}: {
  readonly src: string
  readonly alt: string
  readonly children?: Child
}) {
  const narrow = `${src}${src.includes('?') ? '&' : '?'}narrow=yes`
  return (
    <figure>
      <picture>
        <source media="(max-width: 600px)" srcset={narrow} />
        <img class="chart" src={src} alt={alt} />
      </picture>
      {children === undefined ? null : <figcaption class="quiet">{children}</figcaption>}
    </figure>
  )
}
