import {
  amountField as amount,
  type DocumentKind,
  dateField as date,
  textField as text,
  volumeField as volume,
} from '../platform/documents/document.ts'

/** The remittance statement on paper: what is handed over, gross, with its transfers and the fee beside it. */
export const statementDocument: DocumentKind = {
  name: 'remittance.statement',
  zh: '划缴结算单',
  en: 'remittance statement',
  fields: {
    office: text('主管机关', 'authority', '示例区城市管理局'),
    number: text('结算单号', 'number', 'R2026-0001'),
    collector: text('代征单位', 'collector', '示例供水公司'),
    period: text('结算期', 'period', '2026-Q1（2026-01-01 至 2026-03-31）'),
    lines: text('笔数', 'payments', '4'),
    collected: amount('代收金额', 'collected', '318.00'),
    late: amount('其中以前各期迟到', 'of it late', '19.00'),
    reversed: amount('冲正', 'reversed', '0.00'),
    refunded: amount('代征单位退款', 'refunded', '0.00'),
    carried: amount('上期结转', 'carried over', '0.00'),
    total: amount('应划缴金额', 'to be remitted', '318.00'),
    declared: amount('代征单位申报', 'declared', '318.00'),
    difference_reason: text('差异理由', 'reason of a difference', '', false),
    received: amount('已入库', 'received', '318.00'),
    balance: amount('未划缴', 'still to be remitted', '0.00'),
    vouchers: {
      kind: 'list',
      zh: '划缴凭证',
      en: 'vouchers',
      required: false,
      fields: {
        paid_on: date('划款日期', 'paid on', '2026-04-10'),
        reference: text('银行流水号', 'bank reference', '20260410887'),
        amount: amount('划款金额', 'amount', '318.00'),
        state: text('状态', 'state', '已入库'),
        received: amount('入库金额', 'received', '318.00', false),
        treasury: text('国库凭证号', 'treasury reference', '国库2026-0118', false),
      },
      example: [
        {
          paid_on: '2026-04-10',
          reference: '20260410887',
          amount: '318.00',
          state: '已入库',
          received: '318.00',
          treasury: '国库2026-0118',
        },
      ],
    },
    fees: {
      kind: 'list',
      zh: '代征手续费',
      en: 'collection fee',
      required: false,
      fields: {
        claim: text('申请号', 'claim', 'F2026-0001'),
        contract: text('合同', 'contract', 'C-2026 示例代征协议'),
        base: amount('累计基数', 'base so far', '318.00'),
        rate: text('费率', 'rate', '2 %'),
        fee: amount('累计手续费', 'fee so far', '6.36'),
        before: amount('此前已申请', 'claimed before', '0.00'),
        amount: amount('本次', 'now', '6.36'),
      },
      example: [
        {
          claim: 'F2026-0001',
          contract: 'C-2026 示例代征协议',
          base: '318.00',
          rate: '2 %',
          fee: '6.36',
          before: '0.00',
          amount: '6.36',
        },
      ],
    },
    drawn: text('编制', 'drawn by', '经办甲　2026-04-02'),
    reviewed: text('复核', 'reviewed by', '复核乙', false),
    approved: text('审批', 'approved by', '审批丙　2026-04-03', false),
    state: text('状态', 'state', '已审批'),
    head: text('事件链链头', 'head of the chain of events', '5f2c8a10b3d4…'),
    basis: text('依据', 'legal basis', '财税〔2014〕151号第十五条、第十七条；赣区府办字〔2023〕70号第十三条'),
  },
  template: `kind: remittance.statement
layout: statement
# 污水处理费划缴结算单
= {{number}}
- 代征单位：{{collector}}
- 结算期：{{period}}　共 {{lines}} 笔　状态：{{state}}
---
| 项目 | 金额（元） |
|------|------:|
| 代收金额 | {{collected}} |
| 其中：以前各期迟到 | {{late}} |
| 减：冲正 | {{reversed}} |
| 减：代征单位退款 | {{refunded}} |
| 上期结转 | {{carried}} |
| 应划缴金额（全额，不得坐支） | {{total}} |
| 代征单位申报 | {{declared}} |
| 已入库 | {{received}} |
| 未划缴 | {{balance}} |
- 应划缴金额大写：{{total|大写}}
{{#difference_reason}}
- 申报与事实不一致的理由：{{difference_reason}}
{{/difference_reason}}
## 划缴凭证
| 划款日期 | 银行流水号 | 划款金额（元） | 状态 | 入库金额（元） | 国库凭证号 |
|-------|-------|-----:|:---:|-----:|------|
{{#vouchers}}
| {{paid_on}} | {{reference}} | {{amount}} | {{state}} | {{received}} | {{treasury}} |
{{/vouchers}}
## 代征手续费（由财政另行支付，一并结算）
| 申请号 | 合同 | 累计基数（元） | 费率 | 累计手续费（元） | 此前已申请（元） | 本次（元） |
|------|-------|-----:|---:|----:|----:|----:|
{{#fees}}
| {{claim}} | {{contract}} | {{base}} | {{rate}} | {{fee}} | {{before}} | {{amount}} |
{{/fees}}
---
- 编制：{{drawn}}　　复核：{{reviewed}}　　审批：{{approved}}
~ 依据：{{basis}}
~ 事件链链头（可据以核对此前的全部记录）：{{head}}
>> {{office}}
`,
}

/** The annual settlement on paper: by fee month at its version, with what the balance is made of. */
export const settlementDocument: DocumentKind = {
  name: 'remittance.annual-settlement',
  zh: '汇算清缴表',
  en: 'annual settlement',
  fields: {
    office: text('主管机关', 'authority', '示例区城市管理局'),
    number: text('编号', 'number', 'Y2026-0001'),
    collector: text('代征单位', 'collector', '示例供水公司'),
    year: text('年度', 'year', '2025'),
    settled_on: date('截至', 'as of', '2026-03-20'),
    due: amount('应征金额', 'due', '2733.00'),
    remitted: amount('已划缴入库', 'remitted', '2039.00'),
    direct: amount('直缴国库', 'paid to the treasury', '240.00'),
    balance: amount('清缴余额', 'balance', '454.00'),
    gap: amount('其中已售未开账', 'of it sold, not billed', '45.00'),
    owed: amount('其中欠费（未核销）', 'of it owed', '240.00'),
    held: amount('其中已收未缴', 'of it collected, not remitted', '169.00'),
    lines: {
      kind: 'list',
      zh: '分月计算',
      en: 'months',
      required: true,
      fields: {
        month: text('用水月份', 'month', '2025-09'),
        category: text('类别', 'category', '非居民'),
        declared: volume('申报售水量', 'declared', '140'),
        exempt: volume('免征及调减', 'exempt and reduced', '10'),
        written_off: volume('核销', 'written off', '0'),
        billed: volume('开账', 'billed', '100'),
        due: amount('应征', 'due', '195.00'),
        remitted: amount('已入库', 'remitted', '150.00'),
        direct: amount('直缴', 'direct', '0.00'),
        balance: amount('余额', 'balance', '45.00'),
      },
      example: [
        {
          month: '2025-09',
          category: '非居民',
          declared: '140',
          exempt: '10',
          written_off: '0',
          billed: '100',
          due: '195.00',
          remitted: '150.00',
          direct: '0.00',
          balance: '45.00',
        },
      ],
    },
    made: text('编制', 'made by', '经办甲'),
    approved: text('审批', 'approved by', '审批乙　2026-03-20'),
    head: text('事件链链头', 'head of the chain of events', '5f2c8a10b3d4…'),
    basis: text('依据', 'legal basis', '财税〔2014〕151号第十六条'),
  },
  template: `kind: remittance.annual-settlement
layout: statement
# {{year}}年度污水处理费汇算清缴表
= {{number}}
- 代征单位：{{collector}}　　截至：{{settled_on}}
---
| 项目 | 金额（元） |
|------|------:|
| 应征金额 | {{due}} |
| 减：已划缴入库 | {{remitted}} |
| 减：直缴国库 | {{direct}} |
| 清缴余额 | {{balance}} |
| 其中：已售未开账 | {{gap}} |
| 其中：欠费（未核销） | {{owed}} |
| 其中：已收未缴 | {{held}} |
- 清缴余额大写：{{balance|大写}}
## 分月计算（水量单位：立方米，金额单位：元）
| 月份 | 类别 | 申报售水 | 免征调减 | 核销 | 开账 | 应征 | 已入库 | 直缴 | 余额 |
|------|-----|-----:|-----:|----:|-----:|------:|------:|-----:|------:|
{{#lines}}
| {{month}} | {{category}} | {{declared}} | {{exempt}} | {{written_off}} | {{billed}} | {{due}} | {{remitted}} | {{direct}} | {{balance}} |
{{/lines}}
---
- 编制：{{made}}　　审批：{{approved}}
~ 依据：{{basis}}
~ 事件链链头（可据以核对此前的全部记录）：{{head}}
>> {{office}}
`,
}

/** The quarterly reconciliation on paper, with the three signatures and the digest they name. */
export const reconciliationDocument: DocumentKind = {
  name: 'remittance.reconciliation',
  zh: '季度对账单',
  en: 'quarterly reconciliation',
  fields: {
    office: text('主管机关', 'authority', '示例区城市管理局'),
    number: text('对账单号', 'number', 'Q2026-0001'),
    collector: text('代征单位', 'collector', '示例供水公司'),
    quarter: text('季度', 'quarter', '2026-Q1'),
    opening: amount('期初待缴', 'opening', '0.00'),
    collected: amount('本季代收', 'collected', '318.00'),
    reversed: amount('冲正', 'reversed', '0.00'),
    refunded: amount('退款', 'refunded', '0.00'),
    remitted: amount('划缴入库', 'remitted', '0.00'),
    closing: amount('期末待缴', 'closing', '318.00'),
    oldest: text('最早一笔已持有天数', 'days of the oldest', '51'),
    drawn: date('编制日期', 'drawn on', '2026-04-15', false),
    cells: {
      kind: 'list',
      zh: '分月分类',
      en: 'by month and category',
      required: false,
      fields: {
        month: text('用水月份', 'month', '2026-01'),
        category: text('类别', 'category', '非居民'),
        sold: text('售水量', 'sold', '110'),
        billed_m3: volume('开账水量', 'billed volume', '100'),
        billed: amount('应收', 'billed', '140.00'),
        collected: amount('代收', 'collected', '140.00'),
        direct: amount('直缴', 'direct', '0.00'),
        remitted: amount('划缴', 'remitted', '140.00'),
        confirmed: amount('入库', 'confirmed', '140.00'),
      },
      example: [
        {
          month: '2026-01',
          category: '非居民',
          sold: '110',
          billed_m3: '100',
          billed: '140.00',
          collected: '140.00',
          direct: '0.00',
          remitted: '140.00',
          confirmed: '140.00',
        },
      ],
    },
    total_sold: text('售水量合计', 'total sold', '110', false),
    total_billed_m3: volume('开账水量合计', 'total billed volume', '100', false),
    total_billed: amount('应收合计', 'total billed', '140.00', false),
    total_collected: amount('代收合计', 'total collected', '140.00', false),
    total_direct: amount('直缴合计', 'total direct', '0.00', false),
    total_remitted: amount('划缴合计', 'total remitted', '140.00', false),
    total_confirmed: amount('入库合计', 'total confirmed', '140.00', false),
    months: {
      kind: 'list',
      zh: '公共供水水量核对',
      en: 'volumes of public supply by month',
      required: false,
      fields: {
        month: text('用水月份', 'month', '2026-01'),
        sold: text('申报售水量', 'declared sold', '110'),
        read: text('抄表水量', 'read', '100'),
        billed: volume('开账水量', 'billed', '100'),
        unbilled: text('未开账水量', 'sold, not billed', '10'),
      },
      example: [{ month: '2026-01', sold: '110', read: '100', billed: '100', unbilled: '10' }],
    },
    statements: {
      kind: 'list',
      zh: '本季结算单',
      en: 'statements of the quarter',
      required: false,
      fields: {
        statement: text('结算单号', 'statement', 'R2026-0001'),
        period: text('结算期', 'period', '2026-Q1'),
        total: amount('应划缴', 'to be remitted', '318.00'),
        received: amount('已入库', 'received', '140.00'),
        balance: amount('未缴', 'still to be remitted', '178.00'),
      },
      example: [{ statement: 'R2026-0001', period: '2026-Q1', total: '318.00', received: '140.00', balance: '178.00' }],
    },
    uncollected: {
      kind: 'list',
      zh: '季末逾期未收',
      en: 'overdue at the quarter’s end',
      required: false,
      fields: {
        days: text('逾期天数', 'days overdue', '31-60'),
        bills: text('账单张数', 'bills', '2'),
        amount: amount('金额', 'amount', '240.00'),
      },
      example: [{ days: '31-60', bills: '2', amount: '240.00' }],
    },
    uncollected_total: amount('季末逾期未收合计', 'all overdue at the quarter’s end', '240.00', false),
    users: {
      kind: 'list',
      zh: '单边用户',
      en: 'users on one side only',
      required: false,
      fields: {
        side: text('情况', 'side', '已抄表、未开账'),
        count: text('户次', 'users', '1'),
      },
      example: [{ side: '已抄表、未开账', count: '1' }],
    },
    signatures: {
      kind: 'list',
      zh: '签认',
      en: 'signatures',
      required: false,
      fields: {
        party: text('方', 'party', '代征单位'),
        person: text('签认人', 'person', '示例经办'),
        on: date('日期', 'on', '2026-04-16'),
      },
      example: [{ party: '代征单位', person: '示例经办', on: '2026-04-16' }],
    },
    digest: text('内容摘要', 'digest', '3fa9c2d17b04'),
    head: text('事件链链头', 'head of the chain of events', '5f2c8a10b3d4…'),
    basis: text('依据', 'legal basis', '财税〔2014〕151号第十五条；赣区府办字〔2023〕70号第十三条'),
  },
  template: `kind: remittance.reconciliation
layout: statement
# 污水处理费季度对账单
= {{number}}
- 代征单位：{{collector}}　　季度：{{quarter}}
---
| 期初待缴 | 本季代收 | 冲正 | 退款 | 划缴入库 | 期末待缴 |
|-----:|-----:|-----:|-----:|-----:|-----:|
| {{opening}} | {{collected}} | {{reversed}} | {{refunded}} | {{remitted}} | {{closing}} |
- 期末待缴大写：{{closing|大写}}　　最早一笔已持有 {{oldest}} 天
## 分月分类（截至编制日 {{drawn}}；本季各月为全数，以前各月为上次签认后的更正）
| 月份 | 类别 | 售水量 | 开账水量 | 应收 | 代收 | 直缴 | 划缴 | 入库 |
|------|-----|-----:|-----:|------:|------:|-----:|------:|------:|
{{#cells}}
| {{month}} | {{category}} | {{sold}} | {{billed_m3}} | {{billed}} | {{collected}} | {{direct}} | {{remitted}} | {{confirmed}} |
{{/cells}}
| 合计 | | {{total_sold}} | {{total_billed_m3}} | {{total_billed}} | {{total_collected}} | {{total_direct}} | {{total_remitted}} | {{total_confirmed}} |
## 水量核对（公共供水，m³）
| 月份 | 申报售水量 | 抄表水量 | 开账水量 | 未开账 |
|------|-----:|-----:|-----:|-----:|
{{#months}}
| {{month}} | {{sold}} | {{read}} | {{billed}} | {{unbilled}} |
{{/months}}
## 本季结算单（元）
| 结算单 | 结算期 | 应划缴 | 已入库 | 未缴 |
|------|-----|-----:|-----:|-----:|
{{#statements}}
| {{statement}} | {{period}} | {{total}} | {{received}} | {{balance}} |
{{/statements}}
## 季末逾期未收（元）
| 逾期天数 | 账单张数 | 金额 |
|------|-----:|-----:|
{{#uncollected}}
| {{days}} | {{bills}} | {{amount}} |
{{/uncollected}}
| 合计 | | {{uncollected_total}} |
## 单边用户（名单见对账单工作簿，已计入内容摘要）
| 情况 | 户次 |
|------|-----:|
{{#users}}
| {{side}} | {{count}} |
{{/users}}
## 三方签认
| 方 | 签认人 | 日期 |
|----|----|----|
{{#signatures}}
| {{party}} | {{person}} | {{on}} |
{{/signatures}}
---
~ 内容摘要（SHA-256）：{{digest}}
~ 依据：{{basis}}
~ 事件链链头（可据以核对此前的全部记录）：{{head}}
>> {{office}}
`,
}
