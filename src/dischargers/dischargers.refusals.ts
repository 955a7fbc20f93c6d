import { type RefusalEntry, type RefusalKind, refuser } from '../kernel/refusal.ts'

/**
 * What this stage says "no" to, once for commands and for rows of imported files: what is wrong, and what to do. A
 * command says both in one breath; a rejected row has them in two columns (原因, 建议).
 */
interface FaultEntry {
  readonly kind: RefusalKind
  readonly zh: string
  readonly en: string
  readonly remedyZh: string
  readonly remedyEn: string
}

export const faults = {
  // Values
  value_missing: {
    kind: 'invalid',
    zh: '“{column}”没有填写。',
    en: '"{column}" is empty.',
    remedyZh: '请填写：{rule}。',
    remedyEn: 'Fill it in: {rule}.',
  },
  value_unseen: {
    kind: 'invalid',
    zh: '“{column}”的值“{value}”含有看不见的字符 {character}（以 □ 标出），多半是复制时带入的。',
    en: 'The value "{value}" of "{column}" holds an unseen character {character} (shown as □), most likely copied along.',
    remedyZh: '请删去后重新填写。',
    remedyEn: 'Type it again without it.',
  },
  value_wrong: {
    kind: 'invalid',
    zh: '“{column}”的值“{value}”不合要求。',
    en: 'The value "{value}" of "{column}" does not fit.',
    remedyZh: '应为：{rule}。',
    remedyEn: 'It should be: {rule}.',
  },
  credit_code_length: {
    kind: 'invalid',
    zh: '统一社会信用代码“{value}”有 {length} 位，应为 18 位。',
    en: 'The credit code "{value}" has {length} characters; it must have 18.',
    remedyZh: '请对照营业执照补齐或删去多余的字符。',
    remedyEn: 'Compare it with the business licence and add or remove characters.',
  },
  credit_code_character: {
    kind: 'invalid',
    zh: '统一社会信用代码“{value}”第 {position} 位是“{character}”，{expected}。',
    en: 'Character {position} of the credit code "{value}" is "{character}"; {expectedEn}.',
    remedyZh: '请对照营业执照改正该位（字母 I、O、Z、S、V 从不使用，多为 1、0、2、5、U 之误）。',
    remedyEn:
      'Correct it from the business licence (I, O, Z, S and V are never used; they are misread 1, 0, 2, 5 and U).',
  },
  credit_code_check: {
    kind: 'invalid',
    zh: '统一社会信用代码“{value}”的末位校验码与前 17 位不符（GB 32100-2015），其中至少有一位抄错。',
    en: 'The last character of the credit code "{value}" does not check the 17 before it (GB 32100-2015): at least one is miscopied.',
    remedyZh: '请对照营业执照逐位核对。',
    remedyEn: 'Compare it with the business licence, character by character.',
  },
  credit_code_needed: {
    kind: 'invalid',
    zh: '企业须有统一社会信用代码。',
    en: 'An enterprise needs its credit code.',
    remedyZh: '请对照营业执照填写 18 位代码。',
    remedyEn: 'Fill in the 18 characters from the business licence.',
  },
  credit_code_of_resident: {
    kind: 'invalid',
    zh: '居民没有统一社会信用代码，却填写了“{value}”。',
    en: 'A resident has no credit code, yet "{value}" is given.',
    remedyZh: '请删去代码，或把类型改为企业、机关事业单位或商户。',
    remedyEn: 'Remove it, or choose enterprise, institution or shop.',
  },
  credit_code_taken: {
    kind: 'conflict',
    zh: '统一社会信用代码 {value} 已登记在排污者 {code} 名下。',
    en: 'The credit code {value} belongs to the discharger {code}.',
    remedyZh: '同一单位只登记一次：请使用排污者编号 {code}。',
    remedyEn: 'A body is registered once: use the discharger {code}.',
  },
  validity_ends_before_it_begins: {
    kind: 'invalid',
    zh: '终止日期 {until} 早于生效日期 {from}。',
    en: 'It would end on {until}, before it begins on {from}.',
    remedyZh: '请核对两个日期。',
    remedyEn: 'Check the two dates.',
  },

  // Dischargers, agreements, outlets
  discharger_unknown: {
    kind: 'missing',
    zh: '没有编号为 {code} 的排污者。',
    en: 'There is no discharger {code}.',
    remedyZh: '请先登记：qingliu dischargers register，或导入排污者表。',
    remedyEn: 'Register it first: qingliu dischargers register, or import the file of dischargers.',
  },
  discharger_taken: {
    kind: 'conflict',
    zh: '排污者编号 {code} 已登记为“{name}”。',
    en: 'The code {code} is registered as "{name}".',
    remedyZh: '请换一个编号，或核对是否同一单位：qingliu dischargers show {code}',
    remedyEn: 'Choose another code, or check whether it is the same body: qingliu dischargers show {code}',
  },
  discharger_differs: {
    kind: 'conflict',
    zh: '排污者 {code} 已登记，“{column}”为“{stored}”，本行为“{value}”。',
    en: 'The discharger {code} is registered with "{stored}" as its {column}; this row says "{value}".',
    remedyZh:
      '登记内容不因导入而改变。若是另一单位，请换编号；若已更名或换证，请新登记后过户：qingliu dischargers transfer-account',
    remedyEn:
      'An import changes nothing that is registered. Another body takes another code; one with a new name or licence is registered anew and the account transferred: qingliu dischargers transfer-account',
  },
  agreement_needed: {
    kind: 'conflict',
    zh: '“{group}”属于须先签《污水统一纳管处理协议》的用户（办法第二条），而“{discharger}”在 {on} 没有生效的协议。',
    en: 'A payer of the group "{group}" signs a connection agreement first (Measures art. 2); "{discharger}" has none in force on {on}.',
    remedyZh: '请先登记协议：qingliu dischargers sign-agreement，或导入协议表；协议生效日期不得晚于 {on}。',
    remedyEn:
      'Register the agreement first: qingliu dischargers sign-agreement, or import the file of agreements; it must be in force on {on}.',
  },
  agreement_unknown: {
    kind: 'missing',
    zh: '没有编号为 {agreementNo} 的协议。',
    en: 'There is no agreement {agreementNo}.',
    remedyZh: '请核对编号：qingliu dischargers show 排污者编号',
    remedyEn: 'Check its number: qingliu dischargers show CODE',
  },
  agreement_taken: {
    kind: 'conflict',
    zh: '协议编号 {agreementNo} 已登记。',
    en: 'The agreement {agreementNo} is registered already.',
    remedyZh: '请核对编号；续签的协议用新编号。',
    remedyEn: 'Check its number; a renewed agreement has a new one.',
  },
  agreement_differs: {
    kind: 'conflict',
    zh: '协议 {agreementNo} 已登记，“{column}”为“{stored}”，本行为“{value}”。',
    en: 'The agreement {agreementNo} is registered with "{stored}" as its {column}; this row says "{value}".',
    remedyZh: '若要终止协议：qingliu dischargers end-agreement；其他变更请以新编号登记新协议。',
    remedyEn: 'To end it: qingliu dischargers end-agreement; any other change is a new agreement with its own number.',
  },
  agreement_overlaps: {
    kind: 'conflict',
    zh: '“{discharger}”在这段时间已有协议 {agreementNo}（{from} 起）。',
    en: '"{discharger}" has the agreement {agreementNo} in that time (from {from}).',
    remedyZh: '请先终止原协议：qingliu dischargers end-agreement，或改正日期。',
    remedyEn: 'End the other first: qingliu dischargers end-agreement, or correct the dates.',
  },
  agreement_before_signing: {
    kind: 'invalid',
    zh: '协议生效日期 {from} 早于签订日期 {signedOn}。',
    en: 'The agreement would be in force on {from}, before it was signed on {signedOn}.',
    remedyZh: '请核对两个日期。',
    remedyEn: 'Check the two dates.',
  },
  already_ended: {
    kind: 'conflict',
    zh: '{what} 已于 {until} 终止。',
    en: '{what} ended on {until} already.',
    remedyZh: '终止日期一经登记不能更改；如有需要请新登记。',
    remedyEn: 'An end, once recorded, is not changed; register anew if needed.',
  },
  outlet_unknown: {
    kind: 'missing',
    zh: '排污者 {code} 没有编号为 {outletNo} 的排污口。',
    en: 'The discharger {code} has no outlet {outletNo}.',
    remedyZh: '请核对编号：qingliu dischargers show {code}',
    remedyEn: 'Check its number: qingliu dischargers show {code}',
  },
  outlet_taken: {
    kind: 'conflict',
    zh: '排污者 {code} 的排污口 {outletNo} 在这段时间已登记（{from} 起），内容不同。',
    en: 'The outlet {outletNo} of {code} is registered in that time (from {from}) with other content.',
    remedyZh: '请先终止：qingliu dischargers end-outlet，或换一个编号。',
    remedyEn: 'End it first: qingliu dischargers end-outlet, or choose another number.',
  },
  contact_taken: {
    kind: 'conflict',
    zh: '排污者 {code} 的联系方式 {address} 在这段时间已登记（{from} 起），内容不同。',
    en: 'The contact {address} of {code} is recorded in that time (from {from}) with other content.',
    remedyZh: '请先终止：qingliu contacts end，或删去这一行。',
    remedyEn: 'End it first: qingliu contacts end, or leave the row out.',
  },
  second_outlet_needs_reason: {
    kind: 'conflict',
    zh: '原则上一个排污单位只能设置一个排污口（办法第七条），排污者 {code} 已有排污口 {outletNo}。',
    en: 'A discharger has one outlet in principle (Measures art. 7), and {code} has the outlet {outletNo}.',
    remedyZh: '请写明例外原因，或先终止原排污口：qingliu dischargers end-outlet',
    remedyEn: 'Give the reason for the exception, or end the other first: qingliu dischargers end-outlet',
  },

  // Collectors, categories, groups
  collector_unknown: {
    kind: 'missing',
    zh: '没有代码为 {code} 的代征单位。',
    en: 'There is no collector {code}.',
    remedyZh: '请先增加：qingliu dischargers add-collector',
    remedyEn: 'Add it first: qingliu dischargers add-collector',
  },
  collector_needed: {
    kind: 'usage',
    zh: '请说明代征单位的代码（命令行用 --collector），{kind} 属于某一代征单位。',
    en: 'Name the collector by its code (--collector on the command line): {kind} belong to one.',
    remedyZh: '代征单位见 qingliu dischargers collectors。',
    remedyEn: 'See qingliu dischargers collectors.',
  },
  code_taken: {
    kind: 'conflict',
    zh: '代码 {code} 或名称“{name}”已被使用。',
    en: 'The code {code} or the name "{name}" is taken.',
    remedyZh: '请换一个代码和名称。',
    remedyEn: 'Choose another code and name.',
  },
  collector_organisation_unknown: {
    kind: 'missing',
    zh: '没有代码为 {code} 的单位。',
    en: 'There is no organisation {code}.',
    remedyZh: '请管理员增加：qingliu staff add-organisation',
    remedyEn: 'Let an administrator add it: qingliu staff add-organisation',
  },
  contract_taken: {
    kind: 'conflict',
    zh: '代征合同编号 {contractNo} 已登记。',
    en: 'The contract {contractNo} is registered already.',
    remedyZh: '请核对编号：qingliu dischargers collectors',
    remedyEn: 'Check its number: qingliu dischargers collectors',
  },
  contract_has_statements: {
    kind: 'conflict',
    zh: '代征合同 {contractNo} 不能自 {until} 起终止：按它编制的划缴结算单到 {day}（不含）为止。',
    en: 'Contract {contractNo} cannot end on {until}: remittance statements drawn under it reach to {day} (not included).',
    remedyZh: '请自 {day} 或以后终止；确需提前的，先退回有关结算单。',
    remedyEn: 'End it on {day} or later; for an earlier day have the statements returned first.',
  },
  contract_unknown: {
    kind: 'missing',
    zh: '没有编号为 {contractNo} 的代征合同。',
    en: 'There is no collector contract {contractNo}.',
    remedyZh: '请核对编号：qingliu dischargers collectors',
    remedyEn: 'Check its number: qingliu dischargers collectors',
  },
  contract_overlaps: {
    kind: 'conflict',
    zh: '代征单位 {code} 在这段时间已有合同 {contractNo}（{from} 起）。',
    en: 'The collector {code} has the contract {contractNo} in that time (from {from}).',
    remedyZh: '请先终止原合同：qingliu dischargers end-collector-contract',
    remedyEn: 'End the other first: qingliu dischargers end-collector-contract',
  },
  combined_order_wrong: {
    kind: 'invalid',
    zh: '合计金额的分配次序“{value}”不能用：每项一次，并须含污水处理费。',
    en: 'The order "{value}" of a combined amount cannot be used: each part once, the wastewater fee (污水处理费) among them.',
    remedyZh: '请照合同填写，如 污水处理费,水费,垃圾处理费。',
    remedyEn: 'Write it as the contract has it, such as wastewater,water,garbage.',
  },
  fee_rate_with_base: {
    kind: 'invalid',
    zh: '代征手续费费率与计费基数须同时填写或同时不填。',
    en: 'The rate of the collection fee and its base come together or not at all.',
    remedyZh: '请补上另一项。',
    remedyEn: 'Add the other one.',
  },
  category_unknown: {
    kind: 'missing',
    zh: '没有价格类别“{value}”。',
    en: 'There is no price category "{value}".',
    remedyZh: '请核对代码或名称，或增加：qingliu dischargers add-price-category',
    remedyEn: 'Check its code or name, or add it: qingliu dischargers add-price-category',
  },
  group_unknown: {
    kind: 'missing',
    zh: '没有用户群体“{value}”。',
    en: 'There is no payer group "{value}".',
    remedyZh: '请用办法第九条的名称（qingliu dischargers payer-groups），或增加：qingliu dischargers add-payer-group',
    remedyEn: 'Use a name of art. 9 (qingliu dischargers payer-groups), or add it: qingliu dischargers add-payer-group',
  },

  // Accounts
  account_unknown: {
    kind: 'missing',
    zh: '代征单位 {collector} 没有户号 {accountNo}。',
    en: 'The collector {collector} has no account {accountNo}.',
    remedyZh: '请核对户号，或先开户：qingliu dischargers open-account',
    remedyEn: 'Check the number, or open it first: qingliu dischargers open-account',
  },
  account_unknown_anywhere: {
    kind: 'missing',
    zh: '没有一个代征单位有户号 {accountNo}。',
    en: 'No collector has an account {accountNo}.',
    remedyZh: '请核对户号，或先开户：qingliu dischargers open-account',
    remedyEn: 'Check the number, or open it first: qingliu dischargers open-account',
  },
  account_zeros_lost: {
    kind: 'missing',
    zh: '没有户号 {accountNo}；可能是丢了前导零的 {likely}。',
    en: 'There is no account {accountNo}; perhaps {likely} with its leading zeros lost.',
    remedyZh: '请用 {likely}；在 Excel 中先把户号列设为文本格式。',
    remedyEn: 'Use {likely}; in Excel format the column of account numbers as text first.',
  },
  account_of_several: {
    kind: 'usage',
    zh: '户号 {accountNo} 在几个代征单位都有：{collectors}。',
    en: 'Several collectors have an account {accountNo}: {collectors}.',
    remedyZh: '请写明代征单位代码（命令行用 --collector）。',
    remedyEn: 'Name the collector by its code (--collector on the command line).',
  },
  account_taken: {
    kind: 'conflict',
    zh: '户号 {accountNo} 已开户（{openedOn}，“{holder}”）。',
    en: 'The account {accountNo} is open since {openedOn} ("{holder}").',
    remedyZh:
      '要变更用户：qingliu dischargers transfer-account；要变更类别：qingliu dischargers change-account-category',
    remedyEn:
      'To change its holder: qingliu dischargers transfer-account; its category: qingliu dischargers change-account-category',
  },
  account_differs: {
    kind: 'conflict',
    zh: '户号 {accountNo} 已开户，“{column}”为“{stored}”，本行为“{value}”。',
    en: 'The account {accountNo} is open with "{stored}" as its {column}; this row says "{value}".',
    remedyZh: '登记内容不因导入而改变，请用 {command}',
    remedyEn: 'An import changes nothing that is registered: use {command}',
  },
  account_closed: {
    kind: 'conflict',
    zh: '户号 {accountNo} 已于 {closedOn} 销户，{on} 的变更不能登记。',
    en: 'The account {accountNo} was closed on {closedOn}; a change on {on} cannot be recorded.',
    remedyZh: '销户不可恢复；重新用水请开新户：qingliu dischargers open-account',
    remedyEn: 'A closed account is not reopened; new use takes a new account: qingliu dischargers open-account',
  },
  before_opening: {
    kind: 'conflict',
    zh: '日期 {on} 早于户号 {accountNo} 的开户日期 {openedOn}。',
    en: '{on} lies before the account {accountNo} was opened on {openedOn}.',
    remedyZh: '请核对日期。',
    remedyEn: 'Check the date.',
  },
  before_former_change: {
    kind: 'conflict',
    zh: '户号 {accountNo} 在 {formerOn} 已有同类变更，{on} 早于它；变更须按时间顺序登记。',
    en: 'The account {accountNo} has such a change on {formerOn}; {on} lies before it, and changes are recorded in order.',
    remedyZh: '请核对日期：qingliu dischargers show-account {accountNo}',
    remedyEn: 'Check the date: qingliu dischargers show-account {accountNo}',
  },
  use_is_billed: {
    kind: 'conflict',
    zh: '户号 {accountNo} 的用水已开账至 {billedThrough}，不能登记 {on} 的变更。',
    en: 'The use of the account {accountNo} is billed through {billedThrough}; a change on {on} cannot be recorded.',
    remedyZh: '请以 {earliest} 或以后的日期登记；已开账单的差额用追补、退补或红冲重开处理。',
    remedyEn:
      'Record it from {earliest} on; what was billed is corrected by an adjustment or by cancelling and rebilling.',
  },
  holder_unchanged: {
    kind: 'conflict',
    zh: '户号 {accountNo} 的用户本来就是“{discharger}”。',
    en: 'The account {accountNo} is held by "{discharger}" already.',
    remedyZh: '无需过户，请核对新用户。',
    remedyEn: 'There is nothing to transfer; check the new holder.',
  },
  category_unchanged: {
    kind: 'conflict',
    zh: '户号 {accountNo} 的用户群体与价格类别本来就是“{group}”“{category}”。',
    en: 'The account {accountNo} is in the group "{group}" and the category "{category}" already.',
    remedyZh: '无需变更，请核对。',
    remedyEn: 'There is nothing to change; check what was meant.',
  },
  already_suspended: {
    kind: 'conflict',
    zh: '户号 {accountNo} 自 {from} 起报停，尚未恢复。',
    en: 'The account {accountNo} is suspended since {from}.',
    remedyZh: '要恢复用水：qingliu dischargers resume-account',
    remedyEn: 'To resume it: qingliu dischargers resume-account',
  },
  not_suspended: {
    kind: 'conflict',
    zh: '户号 {accountNo} 没有未结束的报停。',
    en: 'The account {accountNo} has no open suspension.',
    remedyZh: '请核对户号：qingliu dischargers show-account {accountNo}',
    remedyEn: 'Check the number: qingliu dischargers show-account {accountNo}',
  },
  final_readings_needed: {
    kind: 'conflict',
    zh: '户号 {accountNo} 还有在用水表：{meters}，销户须有拆表读数。',
    en: 'The account {accountNo} has meters in place: {meters}; closing it takes their final readings.',
    remedyZh: '请加 --final 表号=读数，或先拆表：qingliu dischargers remove-meter',
    remedyEn: 'Add --final METER=READING, or remove them first: qingliu dischargers remove-meter',
  },
  account_has_shares: {
    kind: 'conflict',
    zh: '户号 {accountNo} 还分摊水表 {meters} 的水量，不能销户。',
    en: 'The account {accountNo} has a share of the meters {meters} and cannot be closed.',
    remedyZh: '请先重订分摊：qingliu dischargers set-meter-shares',
    remedyEn: 'Set their shares anew first: qingliu dischargers set-meter-shares',
  },
  later_facts: {
    kind: 'conflict',
    zh: '户号 {accountNo} 在 {laterOn} 还有登记（{what}），不能以 {on} 销户。',
    en: 'The account {accountNo} has an entry on {laterOn} ({what}) and cannot be closed on {on}.',
    remedyZh: '请以 {laterOn} 或以后的日期销户。',
    remedyEn: 'Close it on {laterOn} or later.',
  },

  // Meters
  meter_unknown: {
    kind: 'missing',
    zh: '{on} 没有在用的水表 {meterNo}。',
    en: 'There is no meter {meterNo} in place on {on}.',
    remedyZh: '请核对表号和日期，或先装表：qingliu dischargers install-meter',
    remedyEn: 'Check its number and the date, or install it first: qingliu dischargers install-meter',
  },
  meter_of_other_account: {
    kind: 'conflict',
    zh: '水表 {meterNo} 在 {on} 装在户号 {otherNo}，不在 {accountNo}。',
    en: 'The meter {meterNo} hangs at the account {otherNo} on {on}, not at {accountNo}.',
    remedyZh: '请核对表号和户号。',
    remedyEn: 'Check both numbers.',
  },
  meter_in_place: {
    kind: 'conflict',
    zh: '水表 {meterNo} 在这段时间装在户号 {otherNo}（{from} 起）。',
    en: 'The meter {meterNo} hangs at the account {otherNo} in that time (from {from}).',
    remedyZh: '请先拆表：qingliu dischargers remove-meter，或核对表号和日期。',
    remedyEn: 'Remove it first: qingliu dischargers remove-meter, or check its number and the date.',
  },
  meter_size_differs: {
    kind: 'conflict',
    zh: '水表 {meterNo} 已登记口径 {stored} mm，本次为 {value} mm。',
    en: 'The meter {meterNo} is registered with {stored} mm; now {value} mm is given.',
    remedyZh: '请核对表号；不同的表须有不同的表号。',
    remedyEn: 'Check its number; another meter has another number.',
  },
  meter_differs: {
    kind: 'conflict',
    zh: '水表 {meterNo} 自 {from} 的安装已登记，“{column}”为“{stored}”，本行为“{value}”。',
    en: 'The meter {meterNo} installed on {from} is registered with "{stored}" as its {column}; this row says "{value}".',
    remedyZh: '登记内容不因导入而改变。拆表：qingliu dischargers remove-meter；换表：qingliu dischargers replace-meter',
    remedyEn:
      'An import changes nothing that is registered. To remove it: qingliu dischargers remove-meter; to replace it: qingliu dischargers replace-meter',
  },
  final_reading_not_reached: {
    kind: 'invalid',
    zh: '水表 {meterNo} 的拆表读数 {value} 与此前的实际读数 {before} 不符：正装表不会变小，倒装表不会变大，也不像翻转。',
    en: 'The final reading {value} of meter {meterNo} does not follow the real reading {before} before it: a counter goes up, one hung in reverse goes down, and this is no rollover.',
    remedyZh: '请核对拆表照片；此前的读数有误的，先更正那次抄表（qingliu readings withdraw、readings record）。',
    remedyEn:
      'Check the photograph of the removal; where the reading before is wrong, correct that one first (qingliu readings withdraw, readings record).',
  },
  reading_beyond_digits: {
    kind: 'invalid',
    zh: '读数 {value} 超出 {digits} 位水表的量程。',
    en: 'The reading {value} is beyond a counter of {digits} digits.',
    remedyZh: '请核对读数和位数。',
    remedyEn: 'Check the reading and the number of digits.',
  },
  removal_incomplete: {
    kind: 'invalid',
    zh: '拆表日期、拆表读数和拆表原因须一并填写。',
    en: 'The day, the reading and the reason of a removal come together.',
    remedyZh: '请补齐三项，或都不填。',
    remedyEn: 'Fill in all three, or none.',
  },
  master_unknown: {
    kind: 'missing',
    zh: '{on} 没有在用的总表 {meterNo}。',
    en: 'There is no master meter {meterNo} in place on {on}.',
    remedyZh: '请先登记总表，再登记分表。',
    remedyEn: 'Register the master before its sub-meters.',
  },
  master_is_itself: {
    kind: 'invalid',
    zh: '水表 {meterNo} 不能是自己的总表。',
    en: 'The meter {meterNo} cannot be its own master.',
    remedyZh: '请核对总表表号。',
    remedyEn: 'Check the number of the master.',
  },
  replaced_unknown: {
    kind: 'missing',
    zh: '户号 {accountNo} 在 {on} 或之前没有拆下的水表 {meterNo}。',
    en: 'No meter {meterNo} was removed from the account {accountNo} on or before {on}.',
    remedyZh: '请先登记原表及其拆表日期、拆表读数，再登记换上的表。',
    remedyEn: 'Register the old meter with its removal first, then the new one.',
  },
  replaced_already: {
    kind: 'conflict',
    zh: '水表 {meterNo} 已由 {otherNo} 替换。',
    en: 'The meter {meterNo} was replaced by {otherNo} already.',
    remedyZh: '一只表只能被替换一次，请核对换下表号。',
    remedyEn: 'A meter is replaced once; check the number of the old one.',
  },
  removal_before_installation: {
    kind: 'conflict',
    zh: '拆表日期 {on} 早于水表 {meterNo} 的安装日期 {from}。',
    en: 'The meter {meterNo} would be removed on {on}, before it was installed on {from}.',
    remedyZh: '请核对日期。',
    remedyEn: 'Check the date.',
  },

  // Shares
  shares_not_whole: {
    kind: 'invalid',
    zh: '水表 {meterNo} 自 {from} 的分摊比例合计 {sum}，须恰好为 1（100%）。',
    en: 'The shares of the meter {meterNo} from {from} add up to {sum}; they must be exactly 1 (100 %).',
    remedyZh: '请改正比例；除不尽时让最后一户取余数，如 0.3333、0.3333、0.3334。',
    remedyEn: 'Correct them; where they do not divide evenly let the last take the rest: 0.3333, 0.3333, 0.3334.',
  },
  shares_malformed: {
    kind: 'invalid',
    zh: '水表 {meterNo} 自 {from} 的分摊：{what}',
    en: 'The shares of the meter {meterNo} from {from}: {whatEn}',
    remedyZh: '请改正后整组提交。',
    remedyEn: 'Correct them and hand in the whole set.',
  },
  shares_differ: {
    kind: 'conflict',
    zh: '水表 {meterNo} 自 {from} 的分摊已登记，内容不同。',
    en: 'The shares of the meter {meterNo} from {from} are registered with other content.',
    remedyZh: '要改变分摊：qingliu dischargers set-meter-shares',
    remedyEn: 'To change them: qingliu dischargers set-meter-shares',
  },
  shares_before_former: {
    kind: 'conflict',
    zh: '水表 {meterNo} 自 {formerFrom} 已有分摊，{from} 早于它；分摊须按时间顺序登记。',
    en: 'The meter {meterNo} is shared from {formerFrom}; {from} lies before it, and shares are recorded in order.',
    remedyZh: '请核对生效日期。',
    remedyEn: 'Check the date.',
  },
  set_has_rejected_rows: {
    kind: 'invalid',
    zh: '同组（水表 {meterNo}、{from} 起）另有行被拒绝，整组不能登记。',
    en: 'Another row of the same set (meter {meterNo} from {from}) is rejected, so the set cannot be registered.',
    remedyZh: '请先改正同组的其他行。',
    remedyEn: 'Correct the other rows of the set.',
  },

  // Files
  registry_kind_unknown: {
    kind: 'usage',
    zh: '没有“{kind}”这种登记表。',
    en: 'There is no registry file of the kind "{kind}".',
    remedyZh: '可用：{kinds}',
    remedyEn: 'Known kinds: {kinds}',
  },
  earlier_in_file: {
    kind: 'conflict',
    zh: '{what} 在本文件前面已有一行，内容不同（“{column}”为“{stored}”，本行为“{value}”）。',
    en: '{what} stands earlier in this file with other content ("{column}" is "{stored}" there, "{value}" here).',
    remedyZh: '请核对两行，只留一行。',
    remedyEn: 'Compare the two rows and keep one.',
  },
  earlier_change_rejected: {
    kind: 'conflict',
    zh: '户号 {accountNo} 在第 {row} 行的变更被拒绝，其后的变更不能先登记。',
    en: 'The change of the account {accountNo} on row {row} is rejected, so its later changes cannot be recorded before it.',
    remedyZh: '请改正第 {row} 行，与本行一起重新导入。',
    remedyEn: 'Correct row {row} and import it together with this one.',
  },
  registry_import_unknown: {
    kind: 'missing',
    zh: '没有编号为 {importId} 的登记表导入。',
    en: 'There is no import {importId} of a registry file.',
    remedyZh: '见 qingliu dischargers imports。',
    remedyEn: 'See qingliu dischargers imports.',
  },

  // Roster
  roster_of_nobody: {
    kind: 'conflict',
    zh: '{asOf} 没有在用的户号，无名单可冻结。',
    en: 'No account is open on {asOf}: there is nothing to freeze.',
    remedyZh: '请先登记户号，或核对日期。',
    remedyEn: 'Register accounts first, or check the date.',
  },
  roster_after_today: {
    kind: 'invalid',
    zh: '名单日期 {asOf} 晚于今天 {today}。',
    en: 'The roster would be as of {asOf}, after today, {today}.',
    remedyZh: '请用今天或以前的日期。',
    remedyEn: 'Choose today or an earlier day.',
  },
  roster_undecided: {
    kind: 'conflict',
    zh: '名单第 {versionNo} 版（{asOf}）尚待审批。',
    en: 'Version {versionNo} of the roster (as of {asOf}) waits for approval.',
    remedyZh: '请先批准或退回：qingliu dischargers approve-roster {proposal}',
    remedyEn: 'Let it be approved or returned first: qingliu dischargers approve-roster {proposal}',
  },
  roster_incomplete: {
    kind: 'conflict',
    zh: '{count} 个在用户号在 {asOf} 没有用户或类别，例如 {accountNo}。',
    en: '{count} [open account has|open accounts have] no holder or category on {asOf}, for example {accountNo}.',
    remedyZh: '请先补登记：qingliu dischargers show-account {accountNo}',
    remedyEn: 'Complete them first: qingliu dischargers show-account {accountNo}',
  },
  roster_unknown: {
    kind: 'missing',
    zh: '没有名单第 {versionNo} 版。',
    en: 'There is no version {versionNo} of the roster.',
    remedyZh: '见 qingliu dischargers rosters。',
    remedyEn: 'See qingliu dischargers rosters.',
  },
  roster_not_approved: {
    kind: 'conflict',
    zh: '名单第 {versionNo} 版未经批准，不能发布。',
    en: 'Version {versionNo} of the roster is not approved and cannot be published.',
    remedyZh: '请先批准：qingliu dischargers approve-roster',
    remedyEn: 'Let it be approved first: qingliu dischargers approve-roster',
  },
  roster_published: {
    kind: 'conflict',
    zh: '名单第 {versionNo} 版已于 {publishedOn} 发布。',
    en: 'Version {versionNo} of the roster was published on {publishedOn}.',
    remedyZh: '要再次导出名单文件：qingliu dischargers roster {versionNo} --to 文件',
    remedyEn: 'To write the list again: qingliu dischargers roster {versionNo} --to FILE',
  },
} as const satisfies Record<string, FaultEntry>

export type FaultCode = keyof typeof faults

export const dischargersRefusals = Object.fromEntries(
  Object.entries(faults).map(([code, fault]) => [
    code,
    { kind: fault.kind, zh: fault.zh + fault.remedyZh, en: `${fault.en} ${fault.remedyEn}` },
  ]),
) as Record<FaultCode, RefusalEntry>

export const refuse = refuser(dischargersRefusals)
