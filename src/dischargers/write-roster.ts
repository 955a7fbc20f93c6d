import type { Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { XlsxColumn } from '../platform/tables/write-table.ts'
import { findCollector } from './account.queries.ts'
import { supplyNames } from './account.ts'
import { differenceNames, type RosterDifference } from './compare-roster.ts'
import { refuse } from './dischargers.refusals.ts'
import { findRoster, rosterLines } from './roster.queries.ts'
import { writeList } from './write-list.ts'

const text = (title: string): XlsxColumn => ({ title, kind: 'text' })

/** Writes what one collector is given of a version: its users, their groups and categories (art. 10). */
export async function writeRosterList(
  db: Db | Trx,
  wanted: { readonly versionNo: number; readonly collectorCode: string; readonly to: string },
): Promise<number | Refusal> {
  const roster = await findRoster(db, wanted.versionNo)
  if (roster === undefined) return refuse('roster_unknown', { versionNo: wanted.versionNo })
  if (roster.state !== 'approved') return refuse('roster_not_approved', { versionNo: wanted.versionNo })
  const collector = await findCollector(db, wanted.collectorCode)
  if (collector === undefined) return refuse('collector_unknown', { code: wanted.collectorCode })
  const { versionId, collectorId } = { versionId: roster.versionId, collectorId: collector.collectorId }
  async function* pages() {
    for await (const lines of rosterLines(db, versionId, collectorId)) {
      yield lines.map((line) => [
        line.accountNo,
        line.dischargerName,
        line.payerGroupName,
        line.categoryName,
        supplyNames[line.supply].zh,
        line.address,
      ])
    }
  }
  const columns = ['户号', '户名', '用户群体', '价格类别', '供水方式', '用水地址'].map(text)
  return writeList(wanted.to, `征收名单${roster.asOf}`, columns, pages())
}

/** Writes the differences between a roster and a company's list. */
export async function writeDifferences(
  to: string,
  differences: readonly RosterDifference[],
  language: 'zh' | 'en',
): Promise<number | Refusal> {
  const titles =
    language === 'zh'
      ? ['户号', '差异', '名单', '公司清单', '清单行号']
      : ['account', 'difference', 'roster', 'list', 'row of the list']
  async function* pages() {
    yield differences.map(({ accountNo, kind, inRoster, inList, rowNo }) => [
      accountNo,
      differenceNames[kind][language],
      inRoster,
      inList,
      rowNo === null ? '' : String(rowNo),
    ])
  }
  return writeList(to, language === 'zh' ? '差异' : 'differences', titles.map(text), pages())
}
