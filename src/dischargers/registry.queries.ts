import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import { Exact, plainText } from '../kernel/decimal.ts'
import type { AccountId, CollectorId, ImportId } from '../kernel/ids.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { Db, Trx } from '../platform/database.ts'
import { type Channel, channelNames, type Language } from '../platform/outbox/message.ts'
import { behind, type Page } from '../platform/page.ts'
import { loadLives } from './account.store.ts'
import { type MeterPurpose, meterPurposeNames, supplyNames } from './account.ts'
import { type AccountLife, everHeld, type LifeCategory, type LifeHolder } from './account-life.ts'
import { type DischargerKind, dischargerKindNames } from './discharger.ts'
import { listPayerGroups, listPriceCategories } from './price-category.queries.ts'
import { changeWords, contactLanguages, type RegistryKind } from './registry.ts'

type Pages = AsyncGenerator<string[][]>

const rowsPerPage = 5000
const yesNo = (value: boolean) => (value ? '是' : '否')
const plain = (text: string | null) => (text === null ? '' : plainText(new Exact(text)))

/**
 * The registry as its own files have it, in the columns of `registryFiles`, in pages: an import of them all into an empty
 * database gives the same registry. What never held (a mistake taken back) is left out, except of meters.
 */
export function registryRows(db: Db | Trx, kind: RegistryKind, collectorId: CollectorId | undefined): Pages {
  const ofCollector = collectorId ?? ('0' as CollectorId)
  switch (kind) {
    case 'dischargers':
      return dischargerRows(db)
    case 'agreements':
      return agreementRows(db)
    case 'accounts':
      return accountRows(db, ofCollector)
    case 'meters':
      return meterRows(db, ofCollector)
    case 'shares':
      return shareRows(db, ofCollector)
    case 'changes':
      return changeRows(db, ofCollector)
    case 'outlets':
      return outletRows(db)
    case 'contacts':
      return contactRows(db)
  }
}

/** Reads pages by the rows' own ids, which are in the order in which they were recorded. */
async function* byId<Row extends { readonly id: string }>(
  read: (after: string, limit: number) => Promise<readonly Row[]>,
  line: (row: Row) => string[],
): Pages {
  let after = '0'
  for (;;) {
    const rows = await read(after, rowsPerPage)
    if (rows.length > 0) yield rows.map(line)
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsPerPage) return
    after = last.id
  }
}

function dischargerRows(db: Db | Trx): Pages {
  return byId(
    async (after, limit) => {
      const { rows } = await sql<{
        id: string
        code: string
        name: string
        kind: DischargerKind
        credit_code: string | null
        product_is_mainly_water: boolean
        address: string
        phone: string
      }>`select * from dischargers where id > ${after}::bigint order by id limit ${limit}`.execute(db)
      return rows
    },
    (row) => [
      row.code,
      row.name,
      dischargerKindNames[row.kind].zh,
      row.credit_code ?? '',
      yesNo(row.product_is_mainly_water),
      row.address,
      row.phone,
    ],
  )
}

function agreementRows(db: Db | Trx): Pages {
  return byId(
    async (after, limit) => {
      const { rows } = await sql<{
        id: string
        agreement_no: string
        code: string
        signed_on: CivilDate
        valid_from: CivilDate
        valid_until: CivilDate | null
        document: string
      }>`
        select g.id, g.agreement_no, d.code, g.signed_on, g.valid_from, g.valid_until, g.document
        from connection_agreements g join dischargers d on d.id = g.discharger_id
        where g.id > ${after}::bigint order by g.id limit ${limit}`.execute(db)
      return rows
    },
    (row) => [row.agreement_no, row.code, row.signed_on, row.valid_from, row.valid_until ?? '', row.document],
  )
}

async function* livesInPages(db: Db | Trx, collectorId: CollectorId): AsyncGenerator<AccountLife[]> {
  let after = '0'
  for (;;) {
    const { rows } = await sql<{ id: AccountId }>`
      select id from accounts where collector_id = ${collectorId}::bigint and id > ${after}::bigint
      order by id limit ${rowsPerPage}`.execute(db)
    if (rows.length === 0) return
    const ids = rows.map(({ id }) => id)
    const lives = await loadLives(db, ids)
    yield ids.flatMap((id) => lives.get(id) ?? [])
    after = ids.at(-1) ?? after
    if (rows.length < rowsPerPage) return
  }
}

/**
 * The holders, or the categories, of an account in order, the first being that of its opening. Where a mistake was taken
 * back, the same one stands twice in a row and is told once.
 */
function heldInOrder<F extends LifeHolder | LifeCategory>(facts: readonly F[], same: (a: F, b: F) => boolean): F[] {
  const held: F[] = []
  for (const fact of facts.filter(everHeld)) {
    const former = held.at(-1)
    if (former === undefined || !same(former, fact)) held.push(fact)
  }
  // An account that was opened by mistake and taken back never had any that held.
  return held.length > 0 ? held : facts.slice(-1)
}
const holdersInOrder = (life: AccountLife) => heldInOrder(life.holders, (a, b) => a.dischargerId === b.dischargerId)
const categoriesInOrder = (life: AccountLife) =>
  heldInOrder(life.categories, (a, b) => a.payerGroup === b.payerGroup && a.categoryCode === b.categoryCode)

async function namesByCode(
  db: Db | Trx,
): Promise<{ group: (code: string) => string; category: (code: string) => string }> {
  const groups = new Map((await listPayerGroups(db)).map(({ code, nameZh }) => [code, nameZh]))
  const categories = new Map((await listPriceCategories(db)).map(({ code, nameZh }) => [code, nameZh]))
  return { group: (code) => groups.get(code) ?? code, category: (code) => categories.get(code) ?? code }
}

async function* accountRows(db: Db | Trx, collectorId: CollectorId): Pages {
  const names = await namesByCode(db)
  for await (const lives of livesInPages(db, collectorId)) {
    yield lives.map((life) => {
      const [holder] = holdersInOrder(life)
      const [terms] = categoriesInOrder(life)
      return [
        life.accountNo,
        holder?.dischargerCode ?? '',
        supplyNames[life.supply].zh,
        names.group(terms?.payerGroup ?? ''),
        names.category(terms?.categoryCode ?? ''),
        life.address,
        life.openedOn,
      ]
    })
  }
}

async function* changeRows(db: Db | Trx, collectorId: CollectorId): Pages {
  const names = await namesByCode(db)
  for await (const lives of livesInPages(db, collectorId)) {
    const page = lives.flatMap((life) => changesOf(life, names).map((change) => change.line))
    if (page.length > 0) yield page
  }
}

interface ChangeLine {
  readonly on: CivilDate
  /** Of changes on one day, the lower is recorded first. */
  readonly rank: number
  readonly line: string[]
}

/**
 * What happened to an account since it was opened, in an order in which it can be recorded again: on one day a suspension
 * ends before the next begins, and the closing comes last. A transfer together with a change into a group that needs an
 * agreement is recorded before it (the new holder has one), together with a change out of such a group after it.
 */
function changesOf(
  life: AccountLife,
  names: { group: (code: string) => string; category: (code: string) => string },
): ChangeLine[] {
  const changes: ChangeLine[] = []
  const add = (rank: number, on: CivilDate, word: string, cells: readonly [string, string, string, string]) => {
    changes.push({ on, rank, line: [life.accountNo, word, on, ...cells] })
  }
  for (const holder of holdersInOrder(life).slice(1)) {
    add(2, holder.from, changeWords.transfer, [holder.dischargerCode, '', '', ''])
  }
  for (const terms of categoriesInOrder(life).slice(1)) {
    const { payerGroup, categoryCode, evidence } = terms
    const cells = ['', names.group(payerGroup), names.category(categoryCode), evidence] as const
    add(terms.needsAgreement ? 3 : 1, terms.from, changeWords.category, cells)
  }
  for (const { from, until, reason } of life.suspensions.filter(everHeld)) {
    add(5, from, changeWords.suspension, ['', '', '', reason])
    // The closing ends a suspension that goes on until then.
    if (until !== null && until !== life.closedOn) add(4, until, changeWords.resumption, ['', '', '', ''])
  }
  if (life.closedOn !== null) add(6, life.closedOn, changeWords.closing, ['', '', '', life.closingReason ?? ''])
  return changes.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.rank - b.rank))
}

function meterRows(db: Db | Trx, collectorId: CollectorId): Pages {
  return byId(
    async (after, limit) => {
      const { rows } = await sql<{
        id: string
        account_no: string
        meter_no: string
        size_mm: number | null
        digits: number
        multiplier: string
        purpose: MeterPurpose
        valid_from: CivilDate
        initial_reading: string
        valid_until: CivilDate | null
        final_reading: string | null
        reason: string | null
        replaces: string | null
        master: string | null
        runs_backwards: boolean
      }>`
        select i.id, a.account_no, m.meter_no, m.size_mm, i.digits, i.multiplier, i.purpose, i.valid_from, i.initial_reading,
          i.valid_until, r.final_reading, r.reason, om.meter_no as replaces, mm.meter_no as master, i.runs_backwards
        from installations i join meters m on m.id = i.meter_id join accounts a on a.id = i.account_id
        left join installation_removals r on r.installation_id = i.id
        left join installations oi on oi.id = i.replaces_installation_id left join meters om on om.id = oi.meter_id
        left join installations mi on mi.id = i.master_installation_id left join meters mm on mm.id = mi.meter_id
        where i.id > ${after}::bigint and m.collector_id = ${collectorId}::bigint order by i.id limit ${limit}`.execute(
        db,
      )
      return rows
    },
    (row) => [
      row.account_no,
      row.meter_no,
      row.size_mm === null ? '' : String(row.size_mm),
      String(row.digits),
      plain(row.multiplier),
      meterPurposeNames[row.purpose].zh,
      row.valid_from,
      plain(row.initial_reading),
      row.valid_until ?? '',
      plain(row.final_reading),
      row.reason ?? '',
      row.replaces ?? '',
      row.master ?? '',
      yesNo(row.runs_backwards),
    ],
  )
}

function shareRows(db: Db | Trx, collectorId: CollectorId): Pages {
  return byId(
    async (after, limit) => {
      const { rows } = await sql<{
        id: string
        meter_no: string
        share_no: number
        account_no: string
        share_ratio: string
        unit_m3: string
        agreement: string
        valid_from: CivilDate
      }>`
        select s.id, m.meter_no, s.share_no, a.account_no, s.share_ratio, s.unit_m3, s.agreement, s.valid_from
        from installation_shares s join installations i on i.id = s.installation_id join meters m on m.id = i.meter_id
        join accounts a on a.id = s.account_id
        where s.id > ${after}::bigint and m.collector_id = ${collectorId}::bigint
          and (s.valid_until is null or s.valid_until > s.valid_from) order by s.id limit ${limit}`.execute(db)
      return rows
    },
    (row) => [
      row.meter_no,
      String(row.share_no),
      row.account_no,
      plain(row.share_ratio),
      row.unit_m3,
      row.agreement,
      row.valid_from,
    ],
  )
}

function outletRows(db: Db | Trx): Pages {
  return byId(
    async (after, limit) => {
      const { rows } = await sql<{
        id: string
        code: string
        outlet_no: string
        place: string
        has_sampling_well: boolean
        has_online_meter: boolean
        exception_reason: string
        valid_from: CivilDate
        valid_until: CivilDate | null
      }>`
        select o.id, d.code, o.outlet_no, o.place, o.has_sampling_well, o.has_online_meter, o.exception_reason, o.valid_from,
          o.valid_until
        from outlets o join dischargers d on d.id = o.discharger_id
        where o.id > ${after}::bigint order by o.id limit ${limit}`.execute(db)
      return rows
    },
    (row) => [
      row.code,
      row.outlet_no,
      row.place,
      yesNo(row.has_sampling_well),
      yesNo(row.has_online_meter),
      row.exception_reason,
      row.valid_from,
      row.valid_until ?? '',
    ],
  )
}

/** Those of dischargers: a body's are no part of the registry. */
function contactRows(db: Db | Trx): Pages {
  return byId(
    async (after, limit) => {
      const { rows } = await sql<{
        id: string
        code: string
        channel: Channel
        address: string
        language: Language
        person: string
        consent: string
        valid_from: CivilDate
        valid_until: CivilDate | null
      }>`
        select c.id, d.code, c.channel, c.address, c.language, c.person, c.consent, c.valid_from, c.valid_until
        from contacts c join dischargers d on d.id = c.discharger_id
        where c.id > ${after}::bigint order by c.id limit ${limit}`.execute(db)
      return rows
    },
    (row) => [
      row.code,
      channelNames[row.channel].zh,
      row.address,
      contactLanguages[row.language],
      row.person,
      row.consent,
      row.valid_from,
      row.valid_until ?? '',
    ],
  )
}

export interface RegistryImportLine {
  readonly importId: ImportId
  readonly kind: string
  readonly scope: string
  readonly fileName: string
  readonly rowsIn: number
  readonly rowsAccepted: number
  readonly rowsRejected: number
  readonly recordedAt: Date
}

/** The imports of registry files, newest first; or one page of them. */
export async function listRegistryImports(db: Db | Trx, page?: Page<readonly [string]>): Promise<RegistryImportLine[]> {
  return db
    .selectFrom('imports as i')
    .innerJoin('import_results as r', 'r.import_id', 'i.id')
    .select([
      'i.id as importId',
      'i.kind',
      'i.scope',
      'i.file_name as fileName',
      'r.rows_in as rowsIn',
      'r.rows_accepted as rowsAccepted',
      'r.rows_rejected as rowsRejected',
      'i.recorded_at as recordedAt',
    ])
    .where('i.kind', 'like', 'registry.%')
    .where(behind(['i.id'], page?.after, 'desc'))
    .orderBy('i.id', 'desc')
    .limit(page?.limit ?? 200)
    .execute()
}

export interface RejectedRow {
  readonly rowNo: number
  readonly cells: readonly string[]
  readonly reasons: readonly RowReason[]
}

/** The header of an imported registry file as it stood there; `undefined` where there is no such import. */
export async function importedHeader(db: Db | Trx, importId: string): Promise<readonly string[] | undefined> {
  if (!/^\d{1,18}$/.test(importId)) return undefined
  const found = await db
    .selectFrom('imports')
    .select('format')
    .where('id', '=', importId as ImportId)
    .where('kind', 'like', 'registry.%')
    .executeTakeFirst()
  return (found?.format as { header: readonly string[] } | undefined)?.header
}

/** The rejected rows of an import in the order of the file, in pages. */
export async function* rejectedRows(db: Db | Trx, importId: string): AsyncGenerator<RejectedRow[]> {
  let after = 0
  for (;;) {
    const { rows } = await sql<RejectedRow>`
      select row_no as "rowNo", cells, reasons from import_rows
      where import_id = ${importId}::bigint and verdict = 'rejected' and row_no > ${after}
      order by row_no limit ${rowsPerPage}`.execute(db)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsPerPage) return
    after = last.rowNo
  }
}
