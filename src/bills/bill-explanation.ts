import { daysBetween, plusDays } from '../kernel/calendar.ts'
import { withThousands } from '../kernel/decimal.ts'
import { amountInCapitals, money, moneyForPeople, moneyText, negateMoney } from '../kernel/money.ts'
import { volume, volumeForPeople, volumeText } from '../kernel/volume.ts'
import { cited } from '../platform/cited.ts'
import { explainSteps } from '../tariffs/price.rules.ts'
import { currencyWord } from '../tariffs/price-text.ts'
import type { RateSchedule } from '../tariffs/rate-schedule.ts'
import type { VolumeSource } from '../volumes/billable-volume.ts'
import { basisNames } from '../volumes/volume-basis.ts'
import { type Bill, type BillLine, billKindNames, correctionReasonNames, numberOfBillId } from './bill.ts'

export type Language = 'zh' | 'en'
type Note = Readonly<Record<Language, string>>

/** What a bill's arithmetic is explained with, besides the bill itself. */
export interface ExplanationNames {
  readonly schedules: ReadonlyMap<
    string,
    Pick<RateSchedule, 'title' | 'approvalDocument' | 'unit' | 'currency' | 'validFrom'>
  >
  readonly categories: ReadonlyMap<string, { readonly zh: string; readonly en: string }>
}

/** A bill from meter to fen in sentences: the same on the command line, the page, the PDF and in the court file. */
export function explainBill(
  bill: Bill,
  lines: readonly BillLine[],
  names: ExplanationNames,
  language: Language,
): string[] {
  const zh = language === 'zh'
  const state =
    bill.cancelledBy === null
      ? zh
        ? '已签发'
        : 'issued'
      : zh
        ? `已红冲 ${numberOfBillId(bill.cancelledBy)}`
        : `cancelled by ${numberOfBillId(bill.cancelledBy)}`
  const currency = [...new Set(lines.map(({ scheduleId }) => names.schedules.get(scheduleId)?.currency ?? '元'))].join(
    '、',
  )
  const total = `${moneyForPeople(bill.totalAmount)} ${currencyWord(currency, language)}`
  const out = [
    zh
      ? `${billKindNames[bill.kind].zh} ${bill.number}  ${state}  应缴 ${total}  到期 ${bill.dueOn}`
      : `${billKindNames[bill.kind].en} ${bill.number}  ${state}  due ${total} by ${bill.dueOn}`,
    zh
      ? `户号 ${bill.accountNo}（${bill.collectorCode}）  ${bill.dischargerName}  费款所属月份 ${bill.feeMonth}  开账日 ${bill.issuedOn}`
      : `account ${bill.accountNo} (${bill.collectorCode})  ${bill.dischargerName}  fee month ${bill.feeMonth}  issued ${bill.issuedOn}`,
  ]
  if (bill.correctsBillId !== null && bill.reason !== null) {
    const reason = correctionReasonNames[bill.reason][language]
    out.push(
      zh
        ? `更正账单 ${numberOfBillId(bill.correctsBillId)}：${reason}。依据：${bill.evidence ?? ''}`
        : `corrects bill ${numberOfBillId(bill.correctsBillId)}: ${reason}. Evidence: ${bill.evidence ?? ''}`,
    )
  }
  for (const line of lines) out.push(...explainLine(line, names, language))
  // Capitals are a form of yuan alone.
  const capitals = currency === '元' || currency === 'CNY' ? `  ${amountInCapitals(bill.totalAmount)}` : ''
  out.push(`${zh ? '合计' : 'total'} ${total}${capitals}`)
  return out
}

/** One line of a bill: a head with its sums, and how they came about. */
export function explainLine(line: BillLine, names: ExplanationNames, language: Language): string[] {
  const zh = language === 'zh'
  const { unit, currency } = termsOf(line, names)
  const category = names.categories.get(line.categoryCode)?.[language] ?? line.categoryCode
  const days = `${line.used.from} ${zh ? '至' : 'to'} ${plusDays(line.used.until, -1)}`
  const head = zh
    ? `┌ ${category}  用水 ${volumeForPeople(line.volumeM3)} ${unit}  ${moneyForPeople(line.amount)} ${currency}  （${days}，${daysBetween(line.used.from, line.used.until)} 天）`
    : `┌ ${category}  ${volumeForPeople(line.volumeM3)} ${unit}  ${moneyForPeople(line.amount)} ${currencyWord(currency, language)}  (${days}, ${daysBetween(line.used.from, line.used.until)} days)`
  const body = lineArithmetic(line, names, language)
  return [head, ...body.map((text, index) => `${index === body.length - 1 ? '└' : '├'} ${text}`)]
}

function termsOf({ scheduleId }: BillLine, names: ExplanationNames) {
  const schedule = names.schedules.get(scheduleId)
  return { schedule, unit: schedule?.unit ?? 'm³', currency: schedule?.currency ?? '元' }
}

/** How a line's amount came about: meter, basis with its clause, rates, steps, the one rounding; a sentence each. */
export function lineArithmetic(line: BillLine, names: ExplanationNames, language: Language): string[] {
  const zh = language === 'zh'
  const { schedule, unit, currency } = termsOf(line, names)
  const { derivation } = line
  const body: string[] = []
  if (derivation.opening !== undefined)
    body.push(zh ? `启用前账单：${derivation.opening}` : `from the books before: ${derivation.opening}`)
  const difference = derivation.difference
  const uses = difference === undefined ? derivation.uses : difference.recomputed.uses
  for (const use of uses) {
    for (const source of use.sources) body.push(explainSource(source, unit, language))
    if (use.split !== undefined) {
      const { wholeM3, days: weights, part } = use.split
      body.push(
        zh
          ? `按日分摊 ${people(wholeM3)} × ${weights[part] ?? 0}/${weights.reduce((a, b) => a + b, 0)} 天 → ${people(use.m3)} ${unit}（最大余额法）`
          : `split by days ${people(wholeM3)} × ${weights[part] ?? 0}/${weights.reduce((a, b) => a + b, 0)} → ${people(use.m3)} ${unit} (largest remainder)`,
      )
    }
  }
  body.push(
    zh
      ? `计量依据 ${basisNames[line.basis].zh}（${derivation.clause}）`
      : `volume basis: ${basisNames[line.basis].en} (${cited(derivation.clause, 'en')})`,
  )
  if (schedule !== undefined) {
    body.push(
      zh
        ? `收费标准 ${schedule.title} 自 ${schedule.validFrom} 用水起（${schedule.approvalDocument}）`
        : `rates: ${schedule.title}, water used from ${schedule.validFrom} (${schedule.approvalDocument})`,
    )
  }
  // A red line's arithmetic is that of the line it mirrors; the sign is turned at the end.
  const amount = derivation.mirrors === undefined ? line.amount : negateMoney(line.amount)
  const steps = difference === undefined ? derivation.steps : difference.recomputed.steps
  body.push(...explainSteps(steps, language, { unit, currency }))
  if (difference === undefined) {
    if (derivation.opening === undefined) {
      body.push(
        zh
          ? `舍入 ${withThousands(derivation.unrounded)} → ${moneyForPeople(amount)}（四舍五入至分，每行一次）`
          : `rounding ${withThousands(derivation.unrounded)} → ${moneyForPeople(amount)} (half-up to the fen, once per line)`,
      )
    }
  } else {
    const { recomputed, billed } = difference
    const now = moneyForPeople(money(recomputed.amount))
    const before = moneyForPeople(money(billed.amount))
    body.push(
      zh
        ? `重算 ${now} − 已开 ${before}（${billed.bills.join('、') || '无'}）= ${moneyForPeople(amount)} ${currency}`
        : `computed again ${now} − billed ${before} (${billed.bills.join(', ') || 'none'}) = ${moneyForPeople(amount)} ${currencyWord(currency, language)}`,
    )
  }
  if (derivation.mirrors !== undefined) {
    body.push(
      zh
        ? `账单 ${derivation.mirrors} 的全额红冲，同一收费标准：${moneyForPeople(line.amount)} ${currency}`
        : `the full negative of bill ${derivation.mirrors}, same rates: ${moneyForPeople(line.amount)} ${currencyWord(currency, language)}`,
    )
  }
  return body
}

function people(m3: string): string {
  return volumeForPeople(volume(m3))
}

function explainSource(source: VolumeSource, unit: string, language: Language): string {
  const zh = language === 'zh'
  switch (source.kind) {
    case 'reading': {
      const meter = source.meter === undefined ? '' : `${source.meter}  `
      const range =
        source.start === undefined || source.end === undefined
          ? ''
          : `${withThousands(source.start)} → ${withThousands(source.end)}${source.multiplier === undefined ? '' : ` ×${source.multiplier}`} = `
      const notes = [...(source.estimated ? [{ zh: '估抄', en: 'estimated' }] : []), ...wayCounted(source)]
      const said = notes.map((note) => note[language]).join(zh ? '，' : ', ')
      const noted = said === '' ? '' : zh ? `（${said}）` : ` (${said})`
      return `${zh ? '抄表' : 'meter'} ${meter}${range}${people(source.m3)} ${unit}${noted}`
    }
    case 'true-up':
      return explainTrueUp(source, unit, language)
    case 'less-sub':
      return zh
        ? `减分表 ${source.meter}：${people(source.m3)} ${unit}`
        : `less sub-meter ${source.meter}: ${people(source.m3)} ${unit}`
    case 'share':
      return zh
        ? `共用水表 ${source.meter} 共 ${people(source.wholeM3)}，本户比例 ${source.ratio}（取整单位 ${source.unit}，末户取余）→ ${people(source.m3)} ${unit}`
        : `shared meter ${source.meter}, ${people(source.wholeM3)} in all, this share ${source.ratio} (unit ${source.unit}, the last takes the rest) → ${people(source.m3)} ${unit}`
    case 'declared':
      return zh
        ? `自备水源申报（已审核）${people(source.m3)} ${unit}`
        : `own source, declared and reviewed: ${people(source.m3)} ${unit}`
    case 'rated-flow':
      return zh
        ? `额定流量 ${source.perHour} m³/h × 24 h × ${source.days} 天 = ${people(source.m3)} ${unit}${source.reason === undefined ? '' : `（${source.reason}）`}`
        : `rated flow ${source.perHour} m³/h × 24 h × ${source.days} days = ${people(source.m3)} ${unit}${source.reason === undefined ? '' : ` (${source.reason})`}`
    case 'quota':
      return zh
        ? `施工规模定额 每月 ${people(source.m3)} ${unit}`
        : `construction quota: ${people(source.m3)} ${unit} a month`
    case 'suspended':
      return zh ? '报停，无用水' : 'suspended, no use'
  }
}

/** Why the use is not just the end less the start; where the volume as stated is billed, what the readings would give. */
function wayCounted({ reversed, turnedOverAt, countedM3 }: Extract<VolumeSource, { kind: 'reading' }>): Note[] {
  const notes: Note[] = []
  if (reversed) notes.push({ zh: '倒装表，读数递减', en: 'the meter runs backwards' })
  if (turnedOverAt !== undefined) {
    const shown = withThousands(turnedOverAt)
    notes.push(
      countedM3 === undefined
        ? { zh: `走满 ${shown} 后归零`, en: `the counter turned over at ${shown}` }
        : { zh: `如走满 ${shown} 后归零`, en: `if the counter turned over at ${shown}` },
    )
  }
  if (countedM3 !== undefined) {
    const counted = people(countedM3)
    notes.push({ zh: `读数计为 ${counted}，按所列水量计费`, en: `the readings give ${counted}, billed as stated` })
  }
  return notes
}

function explainTrueUp(source: Extract<VolumeSource, { kind: 'true-up' }>, unit: string, language: Language): string {
  const zh = language === 'zh'
  const days = source.days[source.part] ?? 0
  const allDays = source.days.reduce((sum, each) => sum + each, 0)
  const meter = source.meter === undefined ? '' : `${source.meter}  `
  const range =
    source.start === undefined || source.end === undefined
      ? ''
      : `${withThousands(source.start)} → ${withThousands(source.end)}${zh ? '，' : ', '}`
  const spread = `${people(source.wholeM3)} × ${days}/${allDays}`
  return zh
    ? `估抄补正 ${meter}${range}实抄共 ${people(source.wholeM3)} ${unit}（${allDays} 天），本月 ${spread} → ${people(source.m3)} ${unit}（原 ${people(source.statedM3)}）`
    : `true-up ${meter}${range}${people(source.wholeM3)} ${unit} over ${allDays} days, this month ${spread} → ${people(source.m3)} ${unit} (${people(source.statedM3)} before)`
}

/** A row of the bill as a flat record, for CSV, XLSX and JSON. */
export function billRecord(bill: Bill): Record<string, string> {
  return {
    number: bill.number,
    kind: bill.kind,
    collector: bill.collectorCode,
    account: bill.accountNo,
    discharger: bill.dischargerName,
    feeMonth: bill.feeMonth,
    issuedOn: bill.issuedOn,
    dueOn: bill.dueOn,
    volumeM3: volumeText(bill.volumeM3),
    amount: moneyText(bill.totalAmount),
    corrects: bill.correctsBillId === null ? '' : numberOfBillId(bill.correctsBillId),
    cancelledBy: bill.cancelledBy === null ? '' : numberOfBillId(bill.cancelledBy),
  }
}
