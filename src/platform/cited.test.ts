import { describe, expect, it } from 'vitest'
import { cited } from './cited.ts'

describe('a citation for an English reader', () => {
  it.each([
    ['行政处罚法第六十条', 'Administrative Penalty Law art. 60'],
    ['行政处罚法第六十四条、第八十五条', 'Administrative Penalty Law arts. 64, 85'],
    ['行政强制法第五十六条至第五十八条', 'Administrative Compulsion Law arts. 56–58'],
    [
      '行政诉讼法第一百零一条、民事诉讼法第二百三十七条',
      'Administrative Litigation Law art. 101; Civil Procedure Law art. 237',
    ],
    ['办法第八条；财税〔2014〕151号第十条', 'Measures art. 8; Cai Shui [2014] No. 151 art. 10'],
    ['财库〔2021〕31号', 'Cai Ku [2021] No. 31'],
    [
      '江西省人民政府令第82号（2021年第250号修正）',
      'Jiangxi Provincial Government Order 82 (amended by Order 250 of 2021)',
    ],
  ])('names the law and its articles: %s', (zh, en) => {
    expect(cited(zh, 'en')).toBe(en)
    expect(cited(zh, 'zh')).toBe(zh)
  })

  it('leaves whole what it does not know: half of it would cite something else', () => {
    for (const own of ['局务会2026年第3次会议', '行政处罚法第六十条第二款', '行政处罚法第六十条；局务会决定', '办法'])
      expect(cited(own, 'en')).toBe(own === '办法' ? 'Measures' : own)
  })
})
