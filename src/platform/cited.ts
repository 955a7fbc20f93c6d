import { articleNumber } from './documents/citations.ts'

/** What an English reader calls the law that a text cites; whatever an office cites itself keeps its own words. */
const lawNames: readonly (readonly [zh: string, en: string])[] = [
  ['城镇排水与污水处理条例', 'Urban Drainage and Sewage Treatment Regulations'],
  ['行政处罚法', 'Administrative Penalty Law'],
  ['行政强制法', 'Administrative Compulsion Law'],
  ['行政复议法', 'Administrative Reconsideration Law'],
  ['行政诉讼法', 'Administrative Litigation Law'],
  ['民事诉讼法', 'Civil Procedure Law'],
  ['财税〔2014〕151号', 'Cai Shui [2014] No. 151'],
  ['财库〔2021〕31号', 'Cai Ku [2021] No. 31'],
  ['江西省人民政府令第82号', 'Jiangxi Provincial Government Order 82'],
  ['办法', 'Measures'],
]
/** What may stand beside them, in the catalogue of settings. */
const notes: Readonly<Record<string, string>> = {
  内部规定: 'rule of the office',
  未核对: 'not checked',
  未定天数: 'sets no number of days',
  依照民事诉讼法送达: 'served as the Civil Procedure Law says',
  '未定天数，与第六十四条听证申请期一致': 'sets no number of days; as long as art. 64 gives to ask for a hearing',
  '2021年第250号修正': 'amended by Order 250 of 2021',
  情节复杂或者重大违法行为: 'complicated circumstances or grave breaches',
  '本级人民政府，请核对': 'the government of this level; check it',
  '所在地基层人民法院，请核对': 'the primary court of the place; check it',
  '办法第十四条：次月10日前缴费，开账须留足时间':
    'Measures art. 14: paid by the 10th, which billing has to leave time for',
  '办法第十四条：责令限期缴纳之前须知道谁已缴':
    'Measures art. 14: who has paid is to be known before anybody is ordered to',
}

/** The English name of a law: `行政处罚法` → `Administrative Penalty Law`. */
export function lawInEnglish(zh: string): string {
  return lawNames.find(([name]) => name === zh)?.[1] ?? zh
}

/**
 * A citation in the words of the reader: `行政处罚法第六十四条、第八十五条` → `Administrative Penalty Law arts. 64, 85`. What
 * is not understood to its last sign is left as it is written: half a translation would cite something else.
 */
export function cited(citation: string, language: 'zh' | 'en'): string {
  if (language === 'zh') return citation
  const parts = citation.split(/[；;]|、(?!第)/).map(partInEnglish)
  return parts.includes(undefined) ? citation : parts.join('; ')
}

const article = '第([一二三四五六七八九十百零〇\\d]+)条'
const articles = new RegExp(`^${article}(?:(?:、|至)${article})*$`)
const eachArticle = new RegExp(`(至)?${article}`, 'g')

function partInEnglish(part: string): string | undefined {
  const [, text = '', note] = /^(.+?)(?:（(.+)）)?$/.exec(part) ?? []
  const said = notes[text] ?? lawInWords(text)
  if (said === undefined || note === undefined) return said
  const noted = notes[note]
  return noted === undefined ? undefined : `${said} (${noted})`
}

function lawInWords(text: string): string | undefined {
  const law = lawNames.find(([name]) => text.startsWith(name))
  if (law === undefined) return undefined
  const [name, english] = law
  const rest = text.slice(name.length)
  if (rest === '') return english
  if (!articles.test(rest)) return undefined
  const numbers = [...rest.matchAll(eachArticle)].map(([, until, number = '']) => ({
    until,
    of: articleNumber(number),
  }))
  const listed = numbers.reduce(
    (words, { until, of }) => (words === '' ? `${of}` : `${words}${until === undefined ? ', ' : '–'}${of}`),
    '',
  )
  return `${english} art${numbers.length > 1 ? 's' : ''}. ${listed}`
}
