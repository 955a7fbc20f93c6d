import { type RefusalTable, refuser } from '../kernel/refusal.ts'

export const volumeRefusals = {
  basis_starts_within_month: {
    kind: 'invalid',
    zh: '计量依据须自月初生效，{validFrom} 不是某月1日。请改为月初日期。',
    en: 'A volume basis begins with a month; {validFrom} is not the first of one. Choose a first of a month.',
  },
  basis_ends_within_month: {
    kind: 'invalid',
    zh: '计量依据须在月初终止（{validUntil} 不是某月1日）；只有免征可在任何一天终止，当月足额计费（151号第九条）。',
    en: 'A volume basis ends with a month ({validUntil} is not a first); only an exemption may end on any day, and that month is due in full (Cai Shui [2014] No. 151 art. 9).',
  },
  basis_ends_before_it_begins: {
    kind: 'invalid',
    zh: '终止日期 {validUntil} 不晚于生效日期 {validFrom}。',
    en: 'The basis would end on {validUntil}, not after it begins on {validFrom}.',
  },
  rated_flow_missing: {
    kind: 'invalid',
    zh: '按额定流量计费须填写取水设施额定流量（m³/小时），且大于 0。',
    en: 'Rated flow needs the rated flow of the intake in m³ per hour, above 0.',
  },
  quota_missing: {
    kind: 'invalid',
    zh: '按施工规模定额计费须填写每月定额（m³），且大于 0。',
    en: 'A construction quota needs its m³ per month, above 0.',
  },
  determination_missing: {
    kind: 'invalid',
    zh: '按实际排放量计费须有认定文号、公示起止日期和有效期（151号第十一条），缺：{missing}。',
    en: 'Actual discharge needs a determination number, its posting dates and an end of validity (Cai Shui [2014] No. 151 art. 11); missing: {missing}.',
  },
  posting_not_over: {
    kind: 'invalid',
    zh: '公示至 {postedUntil} 方结束，生效日期 {validFrom} 不能早于公示结束。',
    en: 'The posting lasts until {postedUntil}; the basis cannot begin earlier, on {validFrom}.',
  },
  online_meter_missing: {
    kind: 'invalid',
    zh: '户号 {account} 的排污口未安装在线流量计，不能按实际排放量计费（151号第十一条）。',
    en: 'The outlet of account {account} has no online meter, so actual discharge cannot be its basis (Cai Shui [2014] No. 151 art. 11).',
  },
  product_is_water: {
    kind: 'invalid',
    zh: '户号 {account} 的产品以水为主要原料，仍按用水量计费（151号第十一条），不能按实际排放量。',
    en: 'The product of account {account} is mainly water: it is charged on water use (Cai Shui [2014] No. 151 art. 11), not on actual discharge.',
  },
  evidence_missing: {
    kind: 'usage',
    zh: '请写明依据（--evidence），例如文号、现场核查记录。',
    en: 'State the evidence (--evidence), for example a document number or an inspection record.',
  },
  basis_overlaps: {
    kind: 'conflict',
    zh: '户号 {account} 在此期间已有计量依据（{existing}）。请先终止原依据：qingliu volumes end-basis',
    en: 'Account {account} already has a volume basis then ({existing}). End that one first: qingliu volumes end-basis',
  },
  basis_missing: {
    kind: 'missing',
    zh: '没有编号为 {basis} 的计量依据。一户的依据及编号见 qingliu volumes bases 户号',
    en: 'There is no volume basis {basis}. See the bases of an account and their numbers: qingliu volumes bases ACCOUNT',
  },
  basis_already_ended: {
    kind: 'conflict',
    zh: '计量依据 {basis} 已于 {validUntil} 终止，只能终止一次。',
    en: 'Volume basis {basis} already ended on {validUntil}; it ends once.',
  },
  basis_end_before_billed: {
    kind: 'conflict',
    zh: '该户已开账至 {lastBilled}，计量依据不能在此之前终止（{validUntil}）。请改用更正账单。',
    en: 'The account is billed up to {lastBilled}; its basis cannot end before that ({validUntil}). Correct the bill instead.',
  },
  not_own_source: {
    kind: 'invalid',
    zh: '户号 {account} 不是自备水源用户，不能申报；其水量来自供水公司的抄表。请核对户号。',
    en: 'Account {account} is not an own-source user and cannot declare; its volume comes from the readings of the water company. Check the number.',
  },
  declared_volume_malformed: {
    kind: 'invalid',
    zh: '申报水量“{value}”不能用：请写成非负数，最多 3 位小数，不带单位，如 4200 或 4200.5。',
    en: 'The declared volume "{value}" cannot be used: write a number of at least 0 with up to 3 decimals and no unit, such as 4200 or 4200.5.',
  },
  month_already_declared: {
    kind: 'conflict',
    zh: '户号 {account} 的 {feeMonth} 已有审核过的申报。申报有误的请加 --corrects 更正；已开的账单由经办人追补、退补或重开。',
    en: 'Account {account} already has a reviewed declaration for {feeMonth}. To correct it add --corrects; a bill of it stands until a person adjusts or rebills it.',
  },
  declaration_waiting: {
    kind: 'conflict',
    zh: '户号 {account} 的 {feeMonth} 已有待审核的申报（事项 {proposal}，{maker} 提出）。请先审核或退回：qingliu volumes decide-declaration {proposal}',
    en: 'A declaration of account {account} for {feeMonth} waits for review already (no. {proposal}, by {maker}). Have it approved or returned first: qingliu volumes decide-declaration {proposal}',
  },
  month_already_settled: {
    kind: 'conflict',
    zh: '户号 {account} 的 {feeMonth} 已由其他申报或额定流量决定确定，本事项不能再提出或批准。',
    en: 'The {feeMonth} of account {account} was settled meanwhile by another declaration or a decision on rated flow; this can no longer be proposed or approved.',
  },
  nothing_declared_yet: {
    kind: 'conflict',
    zh: '户号 {account} 的 {feeMonth} 还没有审核过的申报，没有可更正的。请去掉 --corrects。',
    en: 'Account {account} has no reviewed declaration for {feeMonth} to correct. Leave --corrects out.',
  },
  month_in_future: {
    kind: 'invalid',
    zh: '{feeMonth} 尚未结束，不能申报或决定。',
    en: '{feeMonth} is not over yet; nothing can be declared or decided for it.',
  },
} as const satisfies RefusalTable

export const refuseVolume = refuser(volumeRefusals)
