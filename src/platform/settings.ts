import { sql } from 'kysely'
import { parseExact } from '../kernel/decimal.ts'
import { invariant } from '../kernel/invariant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from './database.ts'
import { hoursForm } from './outbox/retry.rules.ts'
import { refusePlatform } from './platform.refusals.ts'
import type { Json } from './platform.tables.ts'

interface Explained {
  readonly zh: string
  readonly en: string
  /** The clause the default rests on, or that it is a policy of the office. */
  readonly citation: string
}
/** A number of days or times; both ends are allowed. */
interface WholeSetting extends Explained {
  readonly kind: 'whole'
  readonly default: number
  readonly min: number
  readonly max: number
}
/** An amount, a volume or a factor as decimal text; both ends are allowed. */
interface DecimalSetting extends Explained {
  readonly kind: 'decimal'
  readonly default: string
  readonly min: string
  readonly max: string
  readonly places: number
}
interface FlagSetting extends Explained {
  readonly kind: 'flag'
  readonly default: boolean
}
/** Words as they are printed or read; may be empty where its pattern allows it. */
interface TextSetting extends Explained {
  readonly kind: 'text'
  readonly default: string
  readonly pattern: RegExp
  /** The pattern in words. */
  readonly rule: string
}
type SettingEntry = WholeSetting | DecimalSetting | FlagSetting | TextSetting

/** Every choice that an office may make differently, with its default and where that comes from. */
export const settingCatalogue = {
  'bills.due_day': {
    kind: 'whole',
    default: 10,
    min: 1,
    max: 28,
    zh: '缴费期限：用水次月的第几日（含当日，遇法定休息日顺延）',
    en: 'the day of the next month on which a bill falls due (inclusive, rolled to a working day)',
    citation: '办法第十四条',
  },
  'bills.minimum_days_after_issue': {
    kind: 'whole',
    default: 5,
    min: 0,
    max: 60,
    zh: '开账（有送达记录的为送达）至缴费期限至少相隔的天数',
    en: 'days between issue (or service, where recorded) and the due date at least',
    citation: '内部规定',
  },
  'estimates.maximum_in_a_row': {
    kind: 'whole',
    default: 3,
    min: 0,
    max: 12,
    zh: '连续估抄的最多月数，超过的待审',
    en: 'estimated months in a row at most; the next one is held',
    citation: '内部规定',
  },
  'readings.jump_factor': {
    kind: 'decimal',
    default: '3',
    min: '1',
    max: '100',
    places: 2,
    zh: '水量突变：超过前三期均值的倍数（或低于其倒数）',
    en: 'a jump: more than this many times the mean of three periods, or less than its reciprocal',
    citation: '内部规定',
  },
  'readings.jump_minimum_m3': {
    kind: 'decimal',
    default: '50',
    min: '0',
    max: '1000000',
    places: 3,
    zh: '水量突变：与均值相差至少多少立方米才待审',
    en: 'a jump differs from the mean by more than this many m³',
    citation: '内部规定',
  },
  'readings.volume_tolerance_m3': {
    kind: 'decimal',
    default: '1',
    min: '0',
    max: '100',
    places: 3,
    zh: '文件所列水量与读数差 × 倍率允许相差的立方米',
    en: 'm³ by which a stated volume may differ from the difference of readings × multiplier',
    citation: '内部规定',
  },
  'readings.rollover_top_share': {
    kind: 'decimal',
    default: '0.10',
    min: '0',
    max: '0.5',
    places: 4,
    zh: '水表翻转：起码位于量程顶部多大比例之内',
    en: 'a rollover: the start reading lies in this top share of the meter’s range',
    citation: '内部规定',
  },
  'brake.count_share': {
    kind: 'decimal',
    default: '0.05',
    min: '0',
    max: '1',
    places: 4,
    zh: '开账刹车：账单户数较上月变动的比例',
    en: 'brake of a bill run: change of the number of bills against the month before',
    citation: '内部规定',
  },
  'brake.total_share': {
    kind: 'decimal',
    default: '0.30',
    min: '0',
    max: '10',
    places: 4,
    zh: '开账刹车：总金额较上月变动的比例',
    en: 'brake of a bill run: change of the total against the month before',
    citation: '内部规定',
  },
  'brake.outlier_factor': {
    kind: 'decimal',
    default: '3',
    min: '1',
    max: '100',
    places: 2,
    zh: '开账刹车：单户金额超过其以往均值的倍数',
    en: 'brake of a bill run: an account’s amount against its earlier mean',
    citation: '内部规定',
  },
  'brake.outlier_minimum_amount': {
    kind: 'decimal',
    default: '1000.00',
    min: '0',
    max: '100000000',
    places: 2,
    zh: '开账刹车：单户金额达到多少元才检查（元）',
    en: 'brake of a bill run: accounts below this amount (yuan) are not looked at',
    citation: '内部规定',
  },
  'objections.answer_days': {
    kind: 'whole',
    default: 15,
    min: 1,
    max: 60,
    zh: '账单异议自收到之次日起的答复期限（工作日）',
    en: 'working days in which an objection to a bill is answered, from the day after it was received',
    citation: '内部规定',
  },
  'enforcement.paper_prefix': {
    kind: 'text',
    default: '城管',
    pattern: /^[^\s〔〕]{0,20}$/u,
    rule: '至多 20 字，不含空格 at most 20 characters without blanks',
    zh: '催缴与处罚文书文号的机关代字',
    en: 'what the numbers of enforcement papers begin with',
    citation: '内部规定',
  },
  'enforcement.review_body': {
    kind: 'text',
    default: '赣州市赣县区人民政府',
    pattern: /^.{1,60}$/u,
    rule: '1 … 60 字 characters',
    zh: '责令通知书上告知的行政复议机关',
    en: 'the review body an order tells of',
    citation: '内部规定（本级人民政府，请核对）',
  },
  'enforcement.court': {
    kind: 'text',
    default: '赣州市赣县区人民法院',
    pattern: /^.{1,60}$/u,
    rule: '1 … 60 字 characters',
    zh: '责令通知书上告知的管辖法院',
    en: 'the court an order tells of',
    citation: '内部规定（所在地基层人民法院，请核对）',
  },
  'disclosure.fewest_payers': {
    kind: 'whole',
    default: 3,
    min: 1,
    max: 100,
    zh: '信息公开：少于几户的类别、代征单位或直缴国库与其他项合并列示，以免看出单户的用水和缴费',
    en: 'made public: sums of fewer payers than this are shown together with another, so that nobody’s use or payment can be read from them',
    citation: '内部规定',
  },
  'orders.term_days': {
    kind: 'whole',
    default: 15,
    min: 1,
    max: 90,
    zh: '责令限期缴纳：自送达之次日起的天数（届满日遇法定休息日顺延）',
    en: 'order to pay: calendar days from the day after service (the last one rolled to a working day)',
    citation: '城镇排水与污水处理条例第五十四条（未定天数）；内部规定',
  },
  'service.public_notice_days': {
    kind: 'whole',
    default: 30,
    min: 30,
    max: 90,
    zh: '公告送达：自公告之日起经过的天数',
    en: 'service by public notice: days that pass from the notice on',
    citation: '行政处罚法第六十一条（依照民事诉讼法送达）',
  },
  'penalties.defence_days': {
    kind: 'whole',
    default: 5,
    min: 3,
    max: 30,
    zh: '告知书送达后陈述、申辩的工作日',
    en: 'working days to state a defence after the notice was served',
    citation: '行政处罚法第四十四条（未定天数，与第六十四条听证申请期一致）；内部规定',
  },
  'penalties.hearing_threshold_organisation': {
    kind: 'decimal',
    default: '20000',
    min: '0',
    max: '100000000',
    places: 2,
    zh: '对单位罚款的听证标准（元）',
    en: 'yuan of a fine on an organisation that give the right to a hearing',
    citation: '江西省人民政府令第82号（2021年第250号修正）',
  },
  'penalties.hearing_threshold_individual': {
    kind: 'decimal',
    default: '3000',
    min: '0',
    max: '100000000',
    places: 2,
    zh: '对个人（含商户）罚款的听证标准（元）',
    en: 'yuan of a fine on an individual (shops included) that give the right to a hearing',
    citation: '江西省人民政府令第82号（2021年第250号修正）',
  },
  'penalties.hearing_threshold_included': {
    kind: 'flag',
    default: true,
    zh: '听证标准含本数（以上）',
    en: 'a fine equal to the threshold gives the right to a hearing',
    citation: '江西省人民政府令第82号（2021年第250号修正）',
  },
  'penalties.collective_discussion': {
    kind: 'flag',
    default: false,
    zh: '处罚决定须经负责人集体讨论',
    en: 'a decision needs a collective discussion',
    citation: '行政处罚法第五十七条（情节复杂或者重大违法行为）；内部规定',
  },
  'bills.payment_ways': {
    kind: 'text',
    default: '随水费向代征的供水单位缴纳，或持缴款码缴入国库。',
    pattern: /^.{1,300}$/u,
    rule: '1 … 300 字 characters',
    zh: '账单上写明的缴费方式',
    en: 'ways to pay, as a bill says them',
    citation: '办法第十三条',
  },
  'bills.legal_basis': {
    kind: 'text',
    default: '《赣州高新区工业污水处理费征收管理办法（试行）》（赣区府办字〔2023〕70号）第八条、第九条、第十四条',
    pattern: /^.{1,300}$/u,
    rule: '1 … 300 字 characters',
    zh: '账单上写明的征收依据',
    en: 'the legal basis of the fee, as a bill says it',
    citation: '办法第八条、第九条、第十四条',
  },
  'public.address': {
    kind: 'text',
    default: '',
    pattern: /^(https?:\/\/[a-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._~-]+)*)?$/,
    rule: '如 https://fee.example.gov.cn，末尾不带斜线；空则文书不印二维码 without a final slash; empty: no QR code on papers',
    zh: '公众访问本系统的网址：文书二维码指向的核验页面',
    en: 'the address under which the public reaches this installation: where QR codes on papers lead',
    citation: '内部规定',
  },
  'messages.due_soon_days': {
    kind: 'whole',
    default: 3,
    min: 1,
    max: 15,
    zh: '缴费期限届满前几日提醒未缴的缴纳义务人',
    en: 'days before the due date at which payers who have not paid are reminded',
    citation: '内部规定',
  },
  'messages.hours': {
    kind: 'text',
    default: '08:00-20:00',
    pattern: hoursForm,
    rule: 'HH:MM-HH:MM，如 08:00-20:00',
    zh: '一天中可以发出通知的时段',
    en: 'the hours of the day in which messages go out',
    citation: '内部规定',
  },
  'documents.office_name': {
    kind: 'text',
    default: '',
    pattern: /^.{0,60}$/u,
    rule: '至多 60 字；空则用单位名称 at most 60 characters; empty: the name of the organisation',
    zh: '文书上的机关全称',
    en: 'full name of the authority on documents',
    citation: '内部规定',
  },
  'documents.confirmed_articles': {
    kind: 'text',
    default: '',
    pattern: /^(?:\w{1,20}:\d{1,3}(?:-\d{1,3})?(?: |$))*$/,
    rule: '如 151:4 151:21-28 （文件:条）articles by document',
    zh: '已核对原文、准予在文书上引用的条款',
    en: 'articles checked against the original, which documents may cite',
    citation: '未核对',
  },
  'readings.file_day': {
    kind: 'whole',
    default: 3,
    min: 1,
    max: 28,
    zh: '各代征单位上月抄表文件最迟应于每月第几日送达（含当日，遇法定休息日顺延）',
    en: 'the day of the next month by which each collector’s readings file is expected (inclusive, rolled to a working day)',
    // 10 days to pay by art. 14, of which 5 are the payer's from issue, leave two for drafting and approval.
    citation: '内部规定（办法第十四条：次月10日前缴费，开账须留足时间）',
  },
  'payments.file_working_days': {
    kind: 'whole',
    default: 2,
    min: 1,
    max: 15,
    zh: '缴费期限届满后，代征单位的收款文件最迟应于第几个工作日送达',
    en: 'working days after the due date within which a collector’s payment file is expected',
    citation: '内部规定（办法第十四条：责令限期缴纳之前须知道谁已缴）',
  },
  'enforcement.remind_days': {
    kind: 'whole',
    default: 7,
    min: 1,
    max: 60,
    zh: '执法期限届满前几日提醒',
    en: 'days before the end of a term of an order or case at which the office is reminded',
    citation: '内部规定',
  },
  'receipts.unit_code': {
    kind: 'text',
    default: '',
    pattern: /^[0-9A-Za-z]{0,40}$/u,
    rule: '至多 40 位数字或字母，保留前导零 at most 40 digits or letters, zeros kept',
    zh: '执收单位编码',
    en: 'code of the collecting unit',
    citation: '财库〔2021〕31号',
  },
  'receipts.unit_name': {
    kind: 'text',
    default: '',
    pattern: /^.{0,80}$/u,
    rule: '至多 80 字 at most 80 characters',
    zh: '执收单位名称',
    en: 'name of the collecting unit',
    citation: '财库〔2021〕31号',
  },
  'receipts.item_code': {
    kind: 'text',
    default: '',
    pattern: /^[0-9A-Za-z]{0,40}$/u,
    rule: '至多 40 位数字或字母，保留前导零 at most 40 digits or letters, zeros kept',
    zh: '收入项目编码',
    en: 'code of the income item',
    citation: '财库〔2021〕31号',
  },
  'receipts.item_name': {
    kind: 'text',
    default: '污水处理费',
    pattern: /^.{0,80}$/u,
    rule: '至多 80 字 at most 80 characters',
    zh: '收入项目名称',
    en: 'name of the income item',
    citation: '财库〔2021〕31号',
  },
  'receipts.payee_name': {
    kind: 'text',
    default: '',
    pattern: /^.{0,80}$/u,
    rule: '至多 80 字 at most 80 characters',
    zh: '收款人全称',
    en: 'name of the payee',
    citation: '财库〔2021〕31号',
  },
  'receipts.payee_account': {
    kind: 'text',
    default: '',
    pattern: /^[0-9A-Za-z]{0,40}$/u,
    rule: '至多 40 位数字或字母，保留前导零 at most 40 digits or letters, zeros kept',
    zh: '收款人账号',
    en: 'account of the payee',
    citation: '财库〔2021〕31号',
  },
  'receipts.payee_bank': {
    kind: 'text',
    default: '',
    pattern: /^.{0,80}$/u,
    rule: '至多 80 字 at most 80 characters',
    zh: '收款人开户银行',
    en: 'bank of the payee',
    citation: '财库〔2021〕31号',
  },
  'receipts.bill_code_form': {
    kind: 'text',
    default: 'd{8}|d{10}',
    pattern: /^[dw]\{[1-9]\d?\}(\|[dw]\{[1-9]\d?\})*$/u,
    rule: 'd{8}|d{10}：d 数字、w 数字或字母，及其位数 digits (d) or digits and letters (w), and how many',
    zh: '票据代码的格式',
    en: 'form of 票据代码',
    citation: '财库〔2021〕31号',
  },
  'receipts.bill_number_form': {
    kind: 'text',
    default: 'd{10}',
    pattern: /^[dw]\{[1-9]\d?\}(\|[dw]\{[1-9]\d?\})*$/u,
    rule: 'd{8}|d{10}：d 数字、w 数字或字母，及其位数 digits (d) or digits and letters (w), and how many',
    zh: '票据号码的格式',
    en: 'form of 票据号码',
    citation: '财库〔2021〕31号',
  },
  'receipts.check_code_form': {
    kind: 'text',
    default: 'w{6}',
    pattern: /^[dw]\{[1-9]\d?\}(\|[dw]\{[1-9]\d?\})*$/u,
    rule: 'd{8}|d{10}：d 数字、w 数字或字母，及其位数 digits (d) or digits and letters (w), and how many',
    zh: '校验码的格式',
    en: 'form of 校验码',
    citation: '财库〔2021〕31号',
  },
  'receipts.payment_code_form': {
    kind: 'text',
    default: 'd{20}|d{16}',
    pattern: /^[dw]\{[1-9]\d?\}(\|[dw]\{[1-9]\d?\})*$/u,
    rule: 'd{8}|d{10}：d 数字、w 数字或字母，及其位数 digits (d) or digits and letters (w), and how many',
    zh: '缴款码的格式',
    en: 'form of 缴款码',
    citation: '财库〔2021〕31号',
  },
  'quality.referral_prefix': {
    kind: 'text',
    default: '移送',
    pattern: /^[^\s〔〕]{1,20}$/u,
    rule: '1 … 20 字，不含空格 characters without blanks',
    zh: '移送函文号的机关代字',
    en: 'what the number of a letter of referral begins with',
    citation: '内部规定',
  },
  'quality.exceedance_basis': {
    kind: 'text',
    default: '《赣州高新区工业污水处理费征收管理办法（试行）》（赣区府办字〔2023〕70号）第七条、第十二条',
    pattern: /^.{1,300}$/u,
    rule: '1 … 300 字 characters',
    zh: '移送超标排放的依据',
    en: 'the legal basis of referring an exceedance',
    citation: '办法第七条、第十二条',
  },
  'quality.accident_basis': {
    kind: 'text',
    default: '《赣州高新区工业污水处理费征收管理办法（试行）》（赣区府办字〔2023〕70号）第六条',
    pattern: /^.{1,300}$/u,
    rule: '1 … 300 字 characters',
    zh: '移送事故的依据',
    en: 'the legal basis of referring an accident',
    citation: '办法第六条',
  },
  'settlement.implausible_factor': {
    kind: 'decimal',
    default: '2',
    min: '1',
    max: '100',
    places: 2,
    zh: '污水厂日处理水量超过设计规模的多少倍才待审',
    en: 'a day’s treated volume is held above this many times the design volume',
    citation: '内部规定',
  },
  'settlement.inflow_tolerance_share': {
    kind: 'decimal',
    default: '0.10',
    min: '0',
    max: '1',
    places: 4,
    zh: '污水厂处理水量与进水量允许相差的比例',
    en: 'share of the inflow by which the treated volume of a day may differ',
    citation: '内部规定',
  },
  'cli.actor_by_flag': {
    kind: 'flag',
    default: false,
    zh: '生产环境允许命令行用 --as 指定经办人',
    en: 'in production the command line may name its actor with --as',
    citation: '内部规定',
  },
} as const satisfies Record<string, SettingEntry>

export type SettingName = keyof typeof settingCatalogue
type ValueOf<Kind> = Kind extends 'whole' ? number : Kind extends 'flag' ? boolean : string
/** All settings in force. Decimals stay text until the kernel reads them. */
export type Settings = { readonly [Name in SettingName]: ValueOf<(typeof settingCatalogue)[Name]['kind']> }

export const settingNames = Object.keys(settingCatalogue) as SettingName[]

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingCatalogue, name)
}

/** Reads a value as a person writes it (`10`, `0.05`, `true`), or refuses it with the rule it breaks. */
export function parseSetting(name: SettingName, text: string): number | string | boolean | Refusal {
  const entry: SettingEntry = settingCatalogue[name]
  const written = text.trim()
  const value =
    entry.kind === 'flag'
      ? ({ true: true, false: false }[written] ?? written)
      : entry.kind === 'whole' && /^\d{1,6}$/.test(written)
        ? Number(written)
        : written
  if (fits(entry, value)) return value
  return refusePlatform('setting_value_invalid', { name, value: text, rule: ruleOf(entry) })
}

function fits(entry: SettingEntry, value: unknown): value is number | string | boolean {
  if (entry.kind === 'flag') return typeof value === 'boolean'
  if (entry.kind === 'text') return typeof value === 'string' && entry.pattern.test(value)
  if (entry.kind === 'whole') {
    return typeof value === 'number' && Number.isInteger(value) && value >= entry.min && value <= entry.max
  }
  const exact = typeof value === 'string' ? parseExact(value) : undefined
  return exact !== undefined && exact.decimalPlaces() <= entry.places && exact.gte(entry.min) && exact.lte(entry.max)
}

function ruleOf(entry: SettingEntry): string {
  if (entry.kind === 'flag') return 'true | false'
  if (entry.kind === 'text') return entry.rule
  if (entry.kind === 'whole') return `${entry.min} … ${entry.max} 的整数 (a whole number)`
  return `${entry.min} … ${entry.max}，最多 ${entry.places} 位小数 (at most ${entry.places} decimals)`
}

/** The settings in force: the latest stored values, defaults for the rest. A stored value that no longer fits stops the work. */
export async function readSettings(db: Db | Trx): Promise<Settings> {
  const values: Record<string, unknown> = {}
  for (const name of settingNames) values[name] = settingCatalogue[name].default
  for (const { name, value } of await storedSettings(db)) {
    if (!isSettingName(name)) continue
    invariant(fits(settingCatalogue[name], value), `the stored setting ${name} fits its rule`)
    values[name] = value
  }
  return values as unknown as Settings
}

export interface SettingInForce {
  readonly name: SettingName
  readonly value: Json
  readonly isDefault: boolean
  /** Why it has this value: of the default, or as it was given when it was set. */
  readonly citation: string
  readonly setBy: string | undefined
  readonly recordedAt: Date | undefined
}

/** Every setting with its citation and who set it, in the order of the catalogue. */
export async function settingsInForce(db: Db | Trx): Promise<SettingInForce[]> {
  const stored = new Map((await storedSettings(db)).map((row) => [row.name, row]))
  return settingNames.map((name) => {
    const row = stored.get(name)
    return {
      name,
      value: row?.value ?? settingCatalogue[name].default,
      isDefault: row === undefined,
      citation: row?.citation ?? settingCatalogue[name].citation,
      setBy: row?.setBy,
      recordedAt: row?.recordedAt,
    }
  })
}

async function storedSettings(db: Db | Trx) {
  const { rows } = await sql<{ name: string; value: Json; citation: string; setBy: string; recordedAt: Date }>`
    select distinct on (s.name) s.name, s.value, s.citation, st.name as "setBy", s.recorded_at as "recordedAt"
    from settings s join commands c on c.command_id = s.command_id join staff st on st.id = c.actor_id
    order by s.name, s.id desc`.execute(db)
  return rows
}
