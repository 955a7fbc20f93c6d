import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Said } from '../platform/http/route.ts'
import { sayIn } from '../platform/pages/say.ts'
import { refusePlatform } from '../platform/platform.refusals.ts'
import { writeCsv, writeFileOf, writeXlsx, type XlsxSheet, xlsxBytes } from '../platform/tables/write-table.ts'
import { collectorNamed, type Disclosure } from './disclosure.ts'
import type { Stated } from './disclosure-words.ts'

type Language = 'zh' | 'en'

/** Writes a disclosure as .xlsx, .csv or .json, as the name says. Refuses another ending. */
export async function writeDisclosure(
  disclosure: Disclosure,
  path: string,
  language: Language = 'zh',
): Promise<{ readonly path: string } | Refusal> {
  const ending = /\.(xlsx|csv|json)$/i.exec(path)?.[1]?.toLowerCase()
  if (ending === undefined)
    return refusePlatform('value_malformed', { field: '--to', value: path, rule: '.xlsx / .csv / .json' })
  if (ending === 'json') await writeFileOf(path, `${JSON.stringify(disclosure, null, 2)}\n`)
  else if (ending === 'csv') await writeCsv(path, titleRow(disclosure, language), rowsInOne(disclosure, language))
  else {
    const refused = await writeXlsx(path, sheetsOf(disclosure, language))
    if (isRefusal(refused)) return refused
  }
  return { path }
}

/** The workbook of a disclosure, as bytes. */
export const disclosureWorkbook = (disclosure: Disclosure, language: Language): Promise<Uint8Array | Refusal> =>
  xlsxBytes(sheetsOf(disclosure, language))

const width = 6
const titleRow = ({ year, asOf }: Disclosure, language: Language): string[] => [
  language === 'zh'
    ? `${year} 年污水处理费征收使用情况（截至 ${asOf}）`
    : `Collection and use of the wastewater fee in ${year} (as of ${asOf})`,
  ...Array<string>(width - 1).fill(''),
]

/** The sheets below one another, of one width, with a blank row between them. */
function* rowsInOne(disclosure: Disclosure, language: Language): Generator<string[]> {
  const wide = (cells: readonly string[]) => [...cells, ...Array<string>(width - cells.length).fill('')]
  for (const { columns, rows } of sheetsOf(disclosure, language)) {
    yield wide([])
    yield wide(columns.map(({ title }) => title))
    for (const row of rows) yield wide(row)
  }
}

function sheetsOf(of: Disclosure, language: Language): XlsxSheet[] {
  const say = sayIn(language)
  const words = (title: Said, characters: number) => ({ title: say(title), kind: 'text', width: characters }) as const
  const number = (title: Said, decimals: number) =>
    ({ title: say(title), kind: 'number', decimals, width: 20 }) as const
  const { year, totals } = of
  const total = say('合计', 'total')
  const stated = (each: Stated, title: string) => [title, say(each), say(each.clause)]
  return [
    {
      name: say(`${year}年征收`, `collection ${year}`),
      columns: [
        words({ zh: '类别', en: 'category' }, 20),
        number({ zh: '计费水量(m³)', en: 'volume (m³)' }, 3),
        number({ zh: '应征(元)', en: 'billed (yuan)' }, 2),
        number({ zh: '已征(元)', en: 'collected (yuan)' }, 2),
        number({ zh: '未征(元)', en: 'uncollected (yuan)' }, 2),
      ],
      rows: [
        ...of.collection.map((each) => [
          say(each.category),
          each.volumeM3,
          each.billed,
          each.collected,
          each.uncollected,
        ]),
        [total, totals.volumeM3, totals.billed, totals.collected, totals.uncollected],
        [say('其中核销', 'of it written off'), '', '', '', totals.writtenOff],
      ],
    },
    {
      name: say('代征与入库', 'collectors and treasury'),
      columns: [
        words({ zh: '代征单位', en: 'collector' }, 30),
        number({ zh: '代收(元)', en: 'collected (yuan)' }, 2),
        number({ zh: '划缴(元)', en: 'remitted (yuan)' }, 2),
        number({ zh: '国库确认(元)', en: 'confirmed by the treasury (yuan)' }, 2),
      ],
      rows: [
        ...of.collectors.map((each) => [say(collectorNamed(each)), each.collected, each.remitted, each.confirmed]),
        ...(totals.direct === null ? [] : [[say('直缴国库', 'paid straight to the treasury'), '', '', totals.direct]]),
        [say('入国库合计', 'to the treasury in all'), '', '', totals.toTreasury],
      ],
    },
    {
      name: say('使用', 'use'),
      columns: [words({ zh: '用途', en: 'item' }, 30), number({ zh: '金额(元)', en: 'amount (yuan)' }, 2)],
      rows: [...of.use.map((each) => [say(each.item), each.amount]), [total, of.used]],
    },
    {
      name: say('收费标准', 'rates'),
      columns: [
        words({ zh: '类别', en: 'category' }, 20),
        words({ zh: '单价', en: 'price' }, 36),
        words({ zh: '批准文号', en: 'approval' }, 36),
        words({ zh: '发文机关', en: 'issued by' }, 30),
        words({ zh: '自', en: 'from' }, 12),
        words({ zh: '至（不含）', en: 'until before' }, 12),
      ],
      rows: of.rates.map((each) => [
        say(each.category),
        say(each.price),
        each.approvalDocument,
        each.issuer,
        each.from,
        each.until ?? '',
      ]),
    },
    {
      name: say('程序与责任', 'procedure and liability'),
      columns: [
        words({ zh: '项目', en: 'item' }, 16),
        words({ zh: '内容', en: 'content' }, 90),
        words({ zh: '依据', en: 'clause' }, 40),
      ],
      rows: [
        ...of.procedure.map((each) => stated(each, say('缴纳程序', 'procedure'))),
        ...of.liability.map((each) => stated(each, say('不缴纳的责任', 'liability'))),
        ...of.basis.map((each) => [say('公开依据', 'basis'), say(each), '']),
        [say('机关', 'authority'), of.authority, ''],
        [say('截至', 'as of'), of.asOf, ''],
        ...(of.leftOut === null ? [] : [[say('未含', 'left out'), say(of.leftOut), '']]),
      ],
    },
  ]
}
