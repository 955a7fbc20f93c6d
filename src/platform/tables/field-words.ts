import type { Said } from '../http/route.ts'
import type { HeaderNames } from './header.ts'

/** What an English reader calls the fields of the files that are taken in; in Chinese they go by the first name of a column. */
const english: Readonly<Record<string, string>> = {
  account: 'account',
  name: 'name',
  meter: 'meter',
  previousReadOn: 'read before on',
  readOn: 'read on',
  start: 'reading before',
  end: 'reading now',
  volume: 'volume',
  month: 'fee month',
  category: 'category',
  source: 'how it was read',
  kind: 'kind of row',
  residual: 'last reading of a removed meter',
  remark: 'remark',
  wastewaterPrice: 'price of the wastewater fee',
  wastewaterAmount: 'wastewater fee',
  lateFee: 'late fee',
  size: 'size of the meter',
  paidOn: 'paid on',
  reference: 'reference',
  amount: 'wastewater fee paid',
  combined: 'paid in all',
  method: 'how it was paid',
  reversal: 'reversal',
  fromAccount: 'account it was paid from',
  fromBank: 'bank of that account',
  bill: 'bill',
  waterDue: 'water due',
  garbageDue: 'refuse fee due',
  waterResourceDue: 'water resource tax due',
  otherDue: 'other charges due',
  receivedOn: 'received on',
  payer: 'payer',
  day: 'day',
  treated: 'treated',
  inflow: 'inflow',
  originImport: 'import it comes from',
  originRow: 'row it comes from',
  verdict: 'verdict',
  reason: 'why',
  remedy: 'remedy',
}

/** A field of a file in the words of the reader. */
export function fieldWords(names: HeaderNames<string>, field: string): Said {
  const zh = names[field]?.[0] ?? field
  return { zh, en: english[field] ?? zh }
}
