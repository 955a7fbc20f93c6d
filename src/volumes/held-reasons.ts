import { fillSentence } from '../kernel/refusal.ts'
import type { HeldReason, HeldReasonCode } from './billable-volume.ts'

/** Why an account is held, and what to do: the sentences a clerk reads in the census. */
export const heldReasons: Record<HeldReasonCode, { readonly zh: string; readonly en: string }> = {
  no_agreement: {
    zh: '未签《污水统一纳管处理协议》，或协议在当月终止（办法第二条）。请补签后登记：qingliu dischargers sign-agreement',
    en: 'No connection agreement, or it ended within the month (Measures art. 2). Sign one and register it: qingliu dischargers sign-agreement',
  },
  reading_under_review: {
    zh: '抄表待审：导入 {importId} 第 {rowNo} 行。请审核：qingliu readings rows {importId}',
    en: 'A reading is held: import {importId}, row {rowNo}. Decide it: qingliu readings rows {importId}',
  },
  no_reading: {
    zh: '水表 {meter} 本月没有抄表。请供水公司补报，或由经办人估抄并说明原因。',
    en: 'Meter {meter} has no reading this month. Ask the water company for it, or let a clerk estimate it with a reason.',
  },
  no_residual: {
    zh: '换下的水表 {meter} 没有残值（余量）行。请补报该表拆表读数。',
    en: 'The replaced meter {meter} has no residual row. Ask for its final reading.',
  },
  reading_of_removed_meter: {
    zh: '{readOn} 的抄表属于早已拆除的水表。请核对表号，改正或撤回该抄表。',
    en: 'The reading of {readOn} is of a meter taken down long before. Check the meter number; correct or withdraw the reading.',
  },
  sub_without_reading: {
    zh: '总表 {master} 的分表 {meter} 本月没有抄表，总表不能扣减。请先补齐分表。',
    en: 'Sub-meter {meter} of master {master} has no reading this month, so the master cannot be reduced. Read the sub-meter first.',
  },
  master_less_subs_negative: {
    zh: '总表 {master} 减分表为负：{masterM3} − {subsM3} m³。请核对总表与分表读数。',
    en: 'Master {master} less its sub-meters is negative: {masterM3} − {subsM3} m³. Check the readings of both.',
  },
  share_meter_without_reading: {
    zh: '共用水表 {meter} 本月没有抄表，无法分摊。请先补齐。',
    en: 'The shared meter {meter} has no reading this month, so nothing can be shared. Read it first.',
  },
  used_while_suspended: {
    zh: '报停期间有用水 {volumeM3} m³。请核实报停或抄表。',
    en: '{volumeM3} m³ was used while the account was suspended. Check the suspension or the reading.',
  },
  own_source_without_basis: {
    zh: '自备水源用户未认定计量依据。请办理：qingliu volumes propose-basis',
    en: 'An own-source user without a volume basis. Propose one: qingliu volumes propose-basis',
  },
  nothing_declared: {
    zh: '自备水源本月未申报用水量（应于次月3日前）。请催报，或提出按额定流量×24小时计：qingliu volumes propose-rated-flow',
    en: 'The own-source user declared nothing (due by the 3rd). Ask for it, or propose rated flow × 24 h: qingliu volumes propose-rated-flow',
  },
  declaration_under_review: {
    zh: '自备水源申报待审核。请审批：qingliu approvals list',
    en: 'The own-source declaration awaits review. Decide it: qingliu approvals list',
  },
  discharge_meter_missing: {
    zh: '按实际排放量计费，但没有排水计量表。请登记排水口在线流量计。',
    en: 'Billed by actual discharge, but no discharge meter is registered. Register the online meter of the outlet.',
  },
  no_holder: {
    zh: '{date} 没有缴费人。请登记过户或开户日期。',
    en: 'Nobody holds the account on {date}. Register the transfer or the opening day.',
  },
  no_category: {
    zh: '{date} 没有价格类别。请登记用户类别。',
    en: 'The account has no price category on {date}. Register it.',
  },
  no_rate: {
    zh: '价格类别 {category} 在 {date} 没有生效的收费标准。请录入并审批：qingliu tariffs propose',
    en: 'Category {category} has no rate in force on {date}. Enter and approve one: qingliu tariffs propose',
  },
  unpriced: {
    zh: '价格类别 {category} 的价格见另表（{see}），录入前不能计费。',
    en: 'The price of category {category} is in another table ({see}); it cannot be billed before that is entered.',
  },
  beyond_measure: {
    zh: '水量 {volume} m³ 按价格类别 {category} 计算，金额大得不可能。请核对抄表和单价：qingliu readings withdraw，或改正后重新导入',
    en: 'The volume {volume} m³ comes to an amount too large to be true in category {category}. Check the reading and the price: qingliu readings withdraw, or correct and import it again',
  },
  cancelled_not_rebilled: {
    zh: '账单 {number} 已红冲、尚未重开。请重开：qingliu bills cancel {number} --rebill（确属重复开账的，红冲时写明 --reason duplicate）',
    en: 'Bill {number} was cancelled and not billed anew. Bill it anew: qingliu bills cancel {number} --rebill (a true duplicate is cancelled with --reason duplicate)',
  },
}

export function heldSentence(reason: HeldReason, language: 'zh' | 'en'): string {
  return fillSentence(heldReasons[reason.code][language], reason.parameters)
}
