import { readFileSync } from 'node:fs'
import type { PickedFile } from './desk.ts'

/** April's readings of five accounts, going on from the ends of March: one falls, one account is nobody's. */
export function fileOfApril(): PickedFile {
  const path = new URL('../../fixtures/district/supplier/gx-water/2026-03.csv', import.meta.url)
  const march = new TextDecoder('gb18030').decode(readFileSync(path)).split(/\r?\n/)
  const rowOf = (account: string, used: number): string => {
    const [, name, meter, , , end] = march.find((line) => line.startsWith(`${account},`))?.split(',') ?? []
    return [account, name, meter, end, Number(end) + used, used, '2026-04-30', '2026-04'].join(',')
  }
  const rows = [
    '户号,户名,表号,上期读数,本期读数,用水量,抄表日期,水费月份',
    rowOf('0010001', 12_000),
    rowOf('0010003', 1_200),
    rowOf('0010004', -50),
    rowOf('0010005', 400),
    '0019999,示例无此户,GX0019999,0,10,10,2026-04-30,2026-04',
    '合计,,,,,13560,,',
  ]
  return { name: '2026-04.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) }
}

/** What was paid in May: one payment of a bill, one of an account that nobody has. */
export function paymentsOfMay(): PickedFile {
  const rows = [
    '客户编号,用户名,缴费日期,交易流水号,实收污水费,违约金,收款方式,冲正标志',
    '0010165,示例包装有限公司165,2026-05-19,20260519000000010165,1075.20,0.00,微信,否',
    '0019998,示例无此户,2026-05-19,20260519000000019998,10.00,0.00,柜面,否',
    '合计,,,,1085.20,0.00,,',
  ]
  return { name: '2026-05.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) }
}
