import { expect, it } from 'vitest'
import { type BarChart, barChart } from './chart.tsx'

const months: BarChart = {
  title: '费用 <1>',
  unit: '元',
  categories: ['01\n2025', '02', '03'],
  series: [{ name: '费用', values: ['1000.00', '-250.00', null] }],
  language: 'zh',
}

it('draws a bar for each known value, a dash for an unknown one, and escapes what it says', () => {
  const svg = barChart(months)
  expect(svg.match(/<rect class="bar full"/g)).toHaveLength(2)
  expect(svg).toContain('>—<')
  expect(svg).toContain('<title>费用 &lt;1&gt;</title>')
})

it('lets a negative bar hang below the line of zero, in proportion', () => {
  const bars = [
    ...barChart(months).matchAll(/class="bar full" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g),
  ]
  const [up, down] = bars.map(([, y, height]) => ({ y: Number(y), height: Number(height) }))
  expect((up?.height ?? 0) / (down?.height ?? 1)).toBeCloseTo(4, 1)
  expect((up?.y ?? 0) + (up?.height ?? 0)).toBeCloseTo(down?.y ?? 0, 0)
})

it('tells series apart by their filling and their names, stacked or side by side', () => {
  const series = ['售水', '开账', '处理'].map((name) => ({ name, values: ['10', '20', '30'] }))
  for (const stacked of [false, true]) {
    const svg = barChart({ ...months, series, stacked })
    for (const fill of ['full', 'hatch', 'dots']) expect(svg).toContain(`class="bar ${fill}"`)
    for (const { name } of series) expect(svg).toContain(`>${name}<`)
  }
})

it('shortens numbers as each language does', () => {
  const large: BarChart = { ...months, series: [{ name: '', values: ['123456.00', '98765432.00', '12.00'] }] }
  expect(barChart(large)).toContain('>9,877万<')
  expect(barChart({ ...large, language: 'en' })).toContain('>98.8M<')
})
