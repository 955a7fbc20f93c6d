import { describe, expect, it } from 'vitest'
import { unconfirmedCitations } from './citations.ts'

const cited = (text: string, confirmed = '') => unconfirmedCitations([text], confirmed).map(({ setting }) => setting)

describe('articles nobody has confirmed', () => {
  it('are found by the name and by the number of the document', () => {
    expect(cited('依据《污水处理费征收使用管理办法》第四条')).toEqual(['151:4'])
    expect(cited('（财税〔2014〕151号第九条）')).toEqual(['151:9'])
    expect(cited('财税[2014]151号 第13条')).toEqual(['151:13'])
  })

  it('are found in lists and ranges', () => {
    expect(cited('财税〔2014〕151号第十条、第十二条和第二十一条')).toEqual(['151:12', '151:21'])
    expect(cited('财税〔2014〕151号第二十九条至第三十一条')).toEqual(['151:29', '151:30', '151:31'])
  })

  it('are not those of another document', () => {
    expect(cited('财税〔2014〕151号第十条、《城镇排水与污水处理条例》第九条')).toEqual([])
    expect(cited('办法第十三条；财税〔2014〕151号第十条、第十五条')).toEqual([])
    expect(cited('《江西省污水处理费征收使用管理实施办法》第四条')).toEqual([])
    expect(cited('国务院《城镇排水与污水处理条例》第五十四条')).toEqual([])
  })

  it('may be printed once they are confirmed, one by one or as a range', () => {
    expect(cited('财税〔2014〕151号第四条', '151:4')).toEqual([])
    expect(cited('财税〔2014〕151号第四条、第二十二条', '151:9 151:21-28')).toEqual(['151:4'])
  })
})
