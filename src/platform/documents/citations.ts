import type { Settings } from '../settings.ts'
import type { Block } from './document.ts'

/** A statute with the articles whose number or wording nobody has checked against the original (decision 24). */
interface UncheckedStatute {
  /** How the setting names it. */
  readonly key: string
  readonly zh: string
  /** How a text may name it. */
  readonly named: RegExp
  readonly articles: readonly (readonly [first: number, last: number])[]
}

const unchecked: readonly UncheckedStatute[] = [
  {
    key: '151',
    zh: '财税〔2014〕151号',
    // 《江西省污水处理费征收使用管理实施办法》 and cities' own rules are other documents.
    named: /《污水处理费征收使用管理办法》|财税[〔[（(]2014[〕\]）)]151号/g,
    articles: [
      [4, 4],
      [9, 9],
      [12, 12],
      [13, 13],
      [21, 31],
    ],
  },
]

/**
 * Articles that a text cites and nobody has confirmed, as `151:4`: everything written `第…条` between the statute's name
 * and the next statute or the end of the sentence counts, so a doubtful reading is refused rather than printed.
 */
export function unconfirmedCitations(texts: readonly string[], confirmed: Settings['documents.confirmed_articles']) {
  const allowed = articlesIn(confirmed)
  const found: { readonly setting: string; readonly zh: string }[] = []
  for (const text of texts) {
    for (const statute of unchecked) {
      for (const mention of text.matchAll(statute.named)) {
        const [clause = ''] = text.slice(mention.index + mention[0].length).split(/[《。；;\n]/)
        for (const article of articleNumbers(clause)) {
          const setting = `${statute.key}:${article}`
          const isUnchecked = statute.articles.some(([first, last]) => article >= first && article <= last)
          if (!isUnchecked || allowed.has(setting) || found.some((each) => each.setting === setting)) continue
          found.push({ setting, zh: `${statute.zh}第${article}条` })
        }
      }
    }
  }
  return found
}

/** Every text of a document. */
export function textsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    if (block.type === 'table') return [...block.columns.map(({ title }) => title), ...block.rows.flat()]
    if (block.type === 'signature') return block.lines
    return 'text' in block ? [block.text] : []
  })
}

function articlesIn(setting: string): Set<string> {
  const confirmed = new Set<string>()
  for (const [, key, first, last] of setting.matchAll(/(\w+):(\d+)(?:-(\d+))?/g)) {
    for (let article = Number(first); article <= Number(last ?? first); article += 1) confirmed.add(`${key}:${article}`)
  }
  return confirmed
}

const numeral = '[一二三四五六七八九十百零〇\\d]+'
const cited = new RegExp(`第(${numeral})条(?:(?:至|到|-|—|~|～)第?(${numeral})条)?`, 'g')

function articleNumbers(clause: string): number[] {
  return [...clause.matchAll(cited)].flatMap(([, first = '', last]) => {
    const [from, until] = [articleNumber(first), articleNumber(last ?? first)]
    return Array.from({ length: Math.max(0, until - from + 1) }, (_, index) => from + index)
  })
}

/** 五十四 → 54. */
export function articleNumber(written: string): number {
  if (/^\d+$/.test(written)) return Number(written)
  let [total, digit] = [0, 0]
  for (const character of written) {
    if (character === '百' || character === '十') {
      total += (digit || 1) * (character === '百' ? 100 : 10)
      digit = 0
    } else digit = '零一二三四五六七八九'.indexOf(character === '〇' ? '零' : character)
  }
  return total + digit
}
