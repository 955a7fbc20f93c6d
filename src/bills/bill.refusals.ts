import { type RefusalTable, refuser } from '../kernel/refusal.ts'

export const billRefusals = {
  fee_month_not_over: {
    kind: 'conflict',
    zh: '{feeMonth} 尚未结束，不能开账。请于次月 1 日起试算，或核对月份。',
    en: '{feeMonth} is not over yet and cannot be billed. Draft it from the 1st of the next month, or check the month.',
  },
  draft_is_a_trial: {
    kind: 'usage',
    zh: '开账试算本身就是试算：不签发账单，可随时作废（qingliu bills discard）。请去掉 --dry-run 再运行：qingliu bills draft {feeMonth}',
    en: 'A draft is itself a trial: it issues nothing and can be given up (qingliu bills discard). Run it without --dry-run: qingliu bills draft {feeMonth}',
  },
  no_roster: {
    kind: 'conflict',
    zh: '{date} 没有生效的征收名单。请先冻结、审批名单：qingliu dischargers freeze-roster --as-of {date}',
    en: 'No roster is in force on {date}. Freeze and approve one first: qingliu dischargers freeze-roster --as-of {date}',
  },
  run_open: {
    kind: 'conflict',
    zh: '{feeMonth} 已有未完成的开账批次 {run}（{maker} 制）。请先审批或作废它：qingliu bills discard {run}',
    en: 'There is an open bill run {run} for {feeMonth} (by {maker}). Approve or discard it first: qingliu bills discard {run}',
  },
  run_missing: {
    kind: 'missing',
    zh: '没有编号为 {run} 的未完成开账批次。见 qingliu bills runs。',
    en: 'There is no open bill run {run}. See qingliu bills runs.',
  },
  draft_missing: {
    kind: 'missing',
    zh: '批次 {run} 的试算中没有该户的账单：该户待处理、免征，或批次已签发、作废。',
    en: 'The draft of run {run} has no bill of this account: it is held or exempt, or the run was issued or given up.',
  },
  run_not_drafted: {
    kind: 'conflict',
    zh: '批次 {run} 的试算未完成（{done}/{total} 户）。请重新运行：qingliu bills draft {feeMonth}',
    en: 'The draft of run {run} is not complete ({done} of {total} [account|accounts]). Run again: qingliu bills draft {feeMonth}',
  },
  facts_changed: {
    kind: 'conflict',
    zh: '批次 {run} 试算后有新的登记（{changesZh}）。请重新试算后再审批：qingliu bills draft {feeMonth}',
    en: 'Facts were added after run {run} was drafted ({changesEn}). Draft again before approving: qingliu bills draft {feeMonth}',
  },
  digest_differs: {
    kind: 'conflict',
    zh: '批次 {run} 现在的摘要是 {actual}，与您看到的 {seen} 不同。请重新查看。',
    en: 'Run {run} now has the digest {actual}, not {seen} as you saw it. Look again.',
  },
  census_open: {
    kind: 'conflict',
    zh: '普查不平：名单 {roster} 户，开账 {billed} + 待处理 {held} + 免征 {exempt}。不能审批。',
    en: 'The census does not add up: roster {roster}, billed {billed} + held {held} + exempt {exempt}. It cannot be approved.',
  },
  brake_needs_name: {
    kind: 'conflict',
    zh: '本批次触发刹车：{findings}。确认无误请写明理由：--acknowledge "理由"',
    en: 'The brake stopped this run: {findings}. If all is right, say why: --acknowledge "reason"',
  },
  nothing_to_bill: {
    kind: 'conflict',
    zh: '批次 {run} 没有可开账的户（待处理 {held}，免征 {exempt}）。请先处理待处理户。',
    en: 'Run {run} has nothing to bill (held {held}, exempt {exempt}). Settle the held accounts first.',
  },
  nobody_in_scope: {
    kind: 'conflict',
    zh: '{feeMonth} 在所选范围内没有待开账的户：全部已开账。',
    en: 'No account in the chosen scope is left to be billed for {feeMonth}.',
  },
  already_billed: {
    kind: 'conflict',
    zh: '账单已存在：{feeMonth} 的同一户不能开两次账。请重新试算。',
    en: 'An account of {feeMonth} was billed meanwhile; it is not billed twice. Draft again.',
  },
  bill_missing: {
    kind: 'missing',
    zh: '没有编号为 {number} 的账单。请核对号码，或按户号、月份查找：qingliu bills list',
    en: 'There is no bill {number}. Check the number, or find it by account or month: qingliu bills list',
  },
  bill_not_live: {
    kind: 'conflict',
    zh: '账单 {number}（{kind}）不是有效的账单：红冲、追补、退补和已红冲的账单不能再更正。见 qingliu bills show {number}',
    en: 'Bill {number} ({kindEn}) does not stand: a full negative, an adjustment or a cancelled bill cannot be corrected. See qingliu bills show {number}',
  },
  bill_number_malformed: {
    kind: 'usage',
    zh: '“{value}”不是账单号。账单号的样子是 2026-000001；按户号、月份查找：qingliu bills list',
    en: '"{value}" is no bill number; one looks like 2026-000001. Find it by account or month: qingliu bills list',
  },
  correction_reason_unknown: {
    kind: 'usage',
    zh: '更正原因“{reason}”不在允许之列：水量 volume、类别 category、收费标准版本 rate_version、重复 duplicate。费额不得减免（151号第十九条）。',
    en: 'The reason "{reason}" is none of volume, category, rate_version, duplicate. The fee cannot be waived (Cai Shui [2014] No. 151 art. 19).',
  },
  correction_needs_evidence: {
    kind: 'usage',
    zh: '更正须写明依据（--evidence）。',
    en: 'A correction needs its evidence (--evidence).',
  },
  duplicate_needs_other: {
    kind: 'usage',
    zh: '账单 {number} 以重复开账为由红冲后不再重开，须写明与哪张有效账单重复（--duplicate-of）；没有另一张的，不是重复，费额不得减免（151号第十九条）。',
    en: 'Bill {number}, cancelled as a duplicate, is never billed anew: name the bill it repeats (--duplicate-of). Without another bill it is no duplicate, and the fee cannot be waived (Cai Shui [2014] No. 151 art. 19).',
  },
  duplicate_of_unfit: {
    kind: 'conflict',
    zh: '账单 {number} 不能因与 {other} 重复而红冲：须是 {month} 的另一张账单，且没有被红冲。请核对号码：qingliu bills list --month {month}',
    en: 'Bill {number} cannot be cancelled as a duplicate of {other}: that must be another bill of {month}, and stand. Check the number: qingliu bills list --month {month}',
  },
  duplicate_unasked: {
    kind: 'usage',
    zh: '只有以重复开账为由、不重开的红冲才写明与哪张账单重复（{other}）。请去掉它，或改为红冲、原因为重复开账。',
    en: 'Only a cancellation as a duplicate, without a rebill, names the bill it repeats ({other}). Leave it out, or cancel with the reason duplicate.',
  },
  nothing_to_adjust: {
    kind: 'conflict',
    zh: '账单 {number}：按现有事实重算与已开账一致，没有差额可调整。请先更正抄表、类别或计量依据。',
    en: 'Bill {number}: computed again from the facts it is the same; there is no difference to adjust. Correct the reading, category or basis first.',
  },
  nothing_to_rebill: {
    kind: 'conflict',
    zh: '账单 {number} 已红冲，按现有事实该月用水均已由其他账单计费，没有可重开的。见 qingliu bills differences',
    en: 'Bill {number} is cancelled, and by the present facts the month is all on other bills; there is nothing to bill anew. See qingliu bills differences',
  },
  not_adjustable: {
    kind: 'conflict',
    zh: '账单 {number} 按现有事实不能计费（{reasons}），不能调整。',
    en: 'Bill {number} cannot be computed from the present facts ({reasonsEn}), so it cannot be adjusted.',
  },
  payer_differs: {
    kind: 'conflict',
    zh: '账单 {number} 按现有事实应由他人缴纳。请红冲后重开：qingliu bills cancel {number} --rebill',
    en: 'By the present facts another payer owes bill {number}. Cancel and rebill it: qingliu bills cancel {number} --rebill',
  },
  correction_facts_changed: {
    kind: 'conflict',
    zh: '账单 {number} 的重算结果在提出后已变化。请退回后重新提出。',
    en: 'The computation for bill {number} changed after it was proposed. Return it and propose again.',
  },
  correction_pending: {
    kind: 'conflict',
    zh: '账单 {number} 已有待审批的更正（{proposal}）。',
    en: 'A correction of bill {number} is waiting already ({proposal}).',
  },
  correction_blocked: {
    kind: 'conflict',
    zh: '账单 {number} 不能更正：{cause}',
    en: 'Bill {number} cannot be corrected: {cause}',
  },
  collector_missing: {
    kind: 'missing',
    zh: '没有代码为 {code} 的代征单位。见 qingliu dischargers collectors。',
    en: 'There is no collector with the code {code}. See qingliu dischargers collectors.',
  },
  opening_after_first_run: {
    kind: 'conflict',
    zh: '已有 {count} 次开账，启用数据只能在首次开账之前导入。',
    en: 'Issues there were already: {count}; opening facts are taken in only before the first run.',
  },
  opening_twice: {
    kind: 'conflict',
    zh: '这些户的启用数据已由此前的导入写入（{count} 条），不能再导入其他文件。重复首次的命令（同一经办人、同样的文件）会返回首次的结果；数据有误的，请用抄表和账单的更正办理。',
    en: 'An earlier import took in opening facts of these accounts ({count}); other files cannot be added. The first command again (same person, same files) gives the first answer; what is wrong is put right by correcting readings and bills.',
  },
  opening_total_differs: {
    kind: 'invalid',
    zh: '启用数据与签认的总数不符：{itemZh} 文件 {found}，签认 {signed}。请核对文件或重新签认；未导入任何内容。',
    en: 'The opening files differ from the signed control total: {itemEn} is {found}, signed {signed}. Check the files or have the total signed anew; nothing was taken in.',
  },
  opening_row_faulty: {
    kind: 'invalid',
    zh: '{file} {faultZh}未导入任何内容。',
    en: '{file}: {faultEn} Nothing was taken in.',
  },
  opening_column_missing: {
    kind: 'invalid',
    zh: '{file} 缺少列：{columns}。请按模板填写。',
    en: '{file} lacks the columns {columns}. Use the template.',
  },
  opening_json_faulty: {
    kind: 'invalid',
    zh: '{file} 不能用：{faultsZh}。文件应为 JSON，样子如 {shape}。样表：qingliu bills opening-template {kind} > {kind}.json',
    en: '{file} cannot be used: {faultsEn}. It must be JSON like {shape}. An example file: qingliu bills opening-template {kind} > {kind}.json',
  },
} as const satisfies RefusalTable

export const refuseBill = refuser(billRefusals)
