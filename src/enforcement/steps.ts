import type { CivilDate } from '../kernel/calendar.ts'

/**
 * Every step an order or a case can take: what is entered, on which clause, with which proof, and whether another person
 * must approve it. Forms, the command line and the reading of input come from this list; `*-gates.rules.ts` says when a
 * step is allowed and what follows from it.
 */
export interface StepField {
  readonly name: string
  readonly kind: 'text' | 'date' | 'money' | 'multiplier' | 'flag' | 'choice' | 'staff' | 'bill' | 'schedule'
  readonly zh: string
  readonly en: string
  readonly choices?: readonly { readonly value: string; readonly zh: string; readonly en: string }[]
  readonly optional?: true
  /** How it is entered: for forms and the command line, never for the log. */
  readonly hint?: { readonly zh: string; readonly en: string }
}

interface StepKind {
  readonly zh: string
  readonly en: string
  readonly clause: string
  /** Of the order (the fee), of the case (the fine), or of either claim. */
  readonly of: 'order' | 'case' | 'claim'
  readonly evidence: 'required' | 'optional'
  /** A second person approves it; it then happens on the day of the approval. */
  readonly twoPersons?: true
  readonly fields: readonly StepField[]
}

const choice = <Value extends string>(value: Value, zh: string, en: string) => ({ value, zh, en })

const serviceFields = [
  {
    name: 'how',
    kind: 'choice',
    zh: '送达方式',
    en: 'how it was served',
    choices: [
      choice('direct', '直接送达', 'handed over'),
      choice('leaving', '留置送达', 'left in place'),
      choice('mail', '邮寄送达', 'by mail'),
      choice('entrusted', '委托送达', 'by another authority'),
      choice('public_notice', '公告送达', 'by public notice'),
      choice('electronic', '电子送达', 'electronically, by consent'),
    ],
  },
  {
    name: 'to',
    kind: 'text',
    zh: '受送达人（签收人）',
    en: 'who received it',
    hint: { zh: '公告送达不填', en: 'nobody for a public notice' },
    optional: true,
  },
  {
    name: 'capacity',
    kind: 'choice',
    zh: '签收人身份',
    en: 'who that is',
    choices: [
      choice('party', '本人', 'the party in person'),
      choice('legal_representative', '法定代表人或主要负责人', 'legal representative or person in charge'),
      choice('mail_receiver', '负责收件的人', 'the person who receives mail'),
      choice('adult_family', '同住成年家属', 'adult of the same household'),
      choice('agent', '代理人或指定代收人', 'agent or named receiver'),
    ],
    optional: true,
  },
  {
    name: 'witness',
    kind: 'text',
    zh: '留置送达的见证人或录像',
    en: 'witnesses or recording of leaving it',
    optional: true,
  },
  { name: 'authority', kind: 'text', zh: '受委托送达的机关', en: 'the authority that served it', optional: true },
  {
    name: 'consent',
    kind: 'text',
    zh: '同意电子送达的确认书',
    en: 'the signed consent to electronic service',
    optional: true,
  },
  {
    name: 'ground',
    kind: 'text',
    zh: '公告的原因和经过',
    en: 'why by public notice, and what was tried',
    optional: true,
  },
] as const satisfies readonly StepField[]

const grounds = { name: 'reason', kind: 'text', zh: '理由', en: 'reason' } as const
const multiplier = { name: 'multiplier', kind: 'multiplier', zh: '倍数', en: 'times the unpaid fee' } as const
const anew = {
  name: 'anew',
  kind: 'flag',
  zh: '撤销并责令重新作出决定',
  en: 'orders a new decision',
  optional: true,
} as const
/** Terms against what a court refuses run from there. */
const dayOfReceipt = { zh: '发生日期填收到裁定书之日', en: 'the day is that of its receipt' } as const
const factor = {
  name: 'factor',
  kind: 'text',
  zh: '裁量基准情形',
  en: 'factor of the discretion grid',
  optional: true,
} as const

export const stepKinds = {
  order_served: {
    zh: '责令限期缴纳通知书送达',
    en: 'order served',
    clause: '城镇排水与污水处理条例第五十四条',
    of: 'order',
    evidence: 'required',
    fields: serviceFields,
  },
  order_withdrawn: {
    zh: '撤回责令限期缴纳通知书',
    en: 'order withdrawn',
    clause: '行政处罚法第五条',
    of: 'order',
    evidence: 'optional',
    twoPersons: true,
    fields: [grounds],
  },
  correction_opened: {
    zh: '案内更正账单',
    en: 'correction of a bill opened inside the case',
    clause: '内部规定',
    of: 'order',
    evidence: 'required',
    fields: [{ name: 'bill', kind: 'bill', zh: '账单编号', en: 'bill' }, grounds],
  },
  investigated: {
    zh: '调查终结',
    en: 'investigation concluded',
    clause: '行政处罚法第四十二条、第五十四条',
    of: 'case',
    evidence: 'required',
    fields: [{ name: 'facts', kind: 'text', zh: '查明的事实', en: 'facts found' }],
  },
  notice_issued: {
    zh: '行政处罚事先告知',
    en: 'notice of the intended fine',
    clause: '行政处罚法第四十四条',
    of: 'case',
    evidence: 'optional',
    twoPersons: true,
    fields: [
      multiplier,
      factor,
      { name: 'facts', kind: 'text', zh: '事实', en: 'facts' },
      { name: 'reason', kind: 'text', zh: '理由', en: 'reasons' },
    ],
  },
  notice_served: {
    zh: '告知书送达',
    en: 'notice served',
    clause: '行政处罚法第四十四条、第六十四条',
    of: 'case',
    evidence: 'required',
    fields: serviceFields,
  },
  defence_received: {
    zh: '收到陈述、申辩',
    en: 'statement or defence received',
    clause: '行政处罚法第四十五条；行政强制法第三十六条',
    of: 'claim',
    evidence: 'required',
    fields: [{ name: 'statement', kind: 'text', zh: '陈述、申辩的内容', en: 'what the party says' }],
  },
  defence_rechecked: {
    zh: '陈述、申辩复核',
    en: 'defence re-checked',
    clause: '行政处罚法第四十五条；行政强制法第三十六条',
    of: 'claim',
    evidence: 'optional',
    fields: [
      {
        name: 'outcome',
        kind: 'choice',
        zh: '复核结果',
        en: 'outcome',
        choices: [
          choice('accepted', '采纳', 'accepted'),
          choice('in_part', '部分采纳', 'accepted in part'),
          choice('rejected', '不予采纳', 'not accepted'),
        ],
      },
      grounds,
    ],
  },
  rights_waived: {
    zh: '书面放弃陈述、申辩和听证',
    en: 'defence and hearing waived in writing',
    clause: '行政处罚法第六十二条',
    of: 'case',
    evidence: 'required',
    fields: [],
  },
  hearing_requested: {
    zh: '申请听证',
    en: 'hearing asked for',
    clause: '行政处罚法第六十三条、第六十四条',
    of: 'case',
    evidence: 'required',
    fields: [],
  },
  hearing_notified: {
    zh: '听证通知送达',
    en: 'hearing notified',
    clause: '行政处罚法第六十四条',
    of: 'case',
    evidence: 'required',
    fields: [
      { name: 'hearingOn', kind: 'date', zh: '听证日期', en: 'day of the hearing' },
      { name: 'place', kind: 'text', zh: '听证地点', en: 'place' },
      {
        name: 'host',
        kind: 'staff',
        zh: '听证主持人',
        en: 'host',
        hint: { zh: '不得是本案办案、拟稿或审核人员', en: 'nobody with another part in the case' },
      },
      ...serviceFields,
    ],
  },
  hearing_held: {
    zh: '听证举行',
    en: 'hearing held',
    clause: '行政处罚法第六十四条、第六十五条',
    of: 'case',
    evidence: 'required',
    fields: [{ name: 'opinion', kind: 'text', zh: '听证意见', en: 'opinion of the host' }],
  },
  hearing_dropped: {
    zh: '听证终止',
    en: 'hearing dropped',
    clause: '行政处罚法第六十四条',
    of: 'case',
    evidence: 'required',
    fields: [
      {
        name: 'why',
        kind: 'choice',
        zh: '原因',
        en: 'why',
        choices: [
          choice('withdrawn', '撤回听证申请', 'request withdrawn'),
          choice('absent', '无正当理由拒不出席', 'did not come without good reason'),
        ],
      },
    ],
  },
  legal_reviewed: {
    zh: '法制审核',
    en: 'legal review',
    clause: '行政处罚法第五十八条',
    of: 'case',
    evidence: 'optional',
    fields: [
      {
        name: 'outcome',
        kind: 'choice',
        zh: '审核意见',
        en: 'outcome',
        choices: [choice('agreed', '同意', 'agreed'), choice('returned', '退回', 'returned')],
      },
      { name: 'opinion', kind: 'text', zh: '意见', en: 'opinion' },
    ],
  },
  discussed: {
    zh: '集体讨论',
    en: 'collective discussion',
    clause: '行政处罚法第五十七条',
    of: 'case',
    evidence: 'required',
    fields: [{ name: 'conclusion', kind: 'text', zh: '讨论结论', en: 'conclusion' }],
  },
  decided: {
    zh: '行政处罚决定',
    en: 'fine decided',
    clause: '城镇排水与污水处理条例第五十四条；行政处罚法第五十七条、第五十九条',
    of: 'case',
    evidence: 'optional',
    twoPersons: true,
    fields: [
      multiplier,
      factor,
      { name: 'facts', kind: 'text', zh: '违法事实和证据', en: 'facts and evidence' },
      { name: 'reason', kind: 'text', zh: '处罚理由', en: 'reasons' },
      { name: 'bank', kind: 'text', zh: '代收银行及地址', en: 'collecting bank and its address' },
      { name: 'payee', kind: 'text', zh: '收款账户或缴款码', en: 'account or payment code' },
      { name: 'reviewBody', kind: 'text', zh: '行政复议机关', en: 'review body' },
      { name: 'court', kind: 'text', zh: '管辖法院', en: 'court' },
      { name: 'addition', kind: 'flag', zh: '告知逾期每日加处百分之三', en: 'announces the addition of 3 % a day' },
    ],
  },
  no_penalty: {
    zh: '不予行政处罚',
    en: 'no penalty',
    clause: '行政处罚法第三十三条',
    of: 'case',
    evidence: 'required',
    twoPersons: true,
    fields: [
      {
        name: 'ground',
        kind: 'choice',
        zh: '依据情形',
        en: 'ground',
        choices: [
          choice('trivial', '违法行为轻微并及时改正，没有造成危害后果', 'trivial and corrected in time'),
          choice('first', '初次违法且危害后果轻微并及时改正', 'first time, slight and corrected in time'),
          choice('no_fault', '当事人有证据足以证明没有主观过错', 'proof of no fault'),
        ],
      },
      grounds,
    ],
  },
  decision_served: {
    zh: '处罚决定书送达',
    en: 'decision served',
    clause: '行政处罚法第六十一条、第六十七条',
    of: 'case',
    evidence: 'required',
    fields: serviceFields,
  },
  deferred: {
    zh: '暂缓或者分期缴纳罚款',
    en: 'fine deferred or to be paid by instalments',
    clause: '行政处罚法第六十六条',
    of: 'case',
    evidence: 'required',
    twoPersons: true,
    fields: [
      {
        name: 'instalments',
        kind: 'schedule',
        zh: '各期',
        en: 'instalments',
        hint: { zh: '日期=金额，逗号分隔', en: 'date=amount, separated by commas' },
      },
      grounds,
    ],
  },
  fine_paid: {
    zh: '罚款缴入国库',
    en: 'fine paid to the treasury',
    clause: '行政处罚法第六十七条、第七十四条',
    of: 'case',
    evidence: 'required',
    fields: [
      { name: 'amount', kind: 'money', zh: '金额', en: 'amount' },
      { name: 'reference', kind: 'text', zh: '缴款书或票据号码', en: 'number of the payment' },
    ],
  },
  fine_payment_reversed: {
    zh: '罚款缴款冲正',
    en: 'payment of the fine reversed',
    clause: '内部规定',
    of: 'case',
    evidence: 'required',
    twoPersons: true,
    fields: [{ name: 'reference', kind: 'text', zh: '缴款书或票据号码', en: 'number of the payment' }, grounds],
  },
  fine_refunded: {
    zh: '罚款退付',
    en: 'fine paid back by the treasury',
    clause: '内部规定',
    of: 'case',
    evidence: 'required',
    twoPersons: true,
    fields: [{ name: 'amount', kind: 'money', zh: '金额', en: 'amount' }, grounds],
  },
  annulled: {
    zh: '撤销处罚决定',
    en: 'decision annulled',
    clause: '行政处罚法第七十五条',
    of: 'case',
    evidence: 'required',
    twoPersons: true,
    fields: [grounds],
  },
  review_filed: {
    zh: '申请行政复议（已受理）',
    en: 'review asked for and accepted',
    clause: '行政复议法第二十条；行政处罚法第七十三条',
    of: 'claim',
    evidence: 'required',
    fields: [{ name: 'body', kind: 'text', zh: '复议机关', en: 'review body' }],
  },
  review_decided: {
    zh: '行政复议决定',
    en: 'outcome of the review',
    clause: '行政处罚法第七十三条',
    of: 'claim',
    evidence: 'required',
    twoPersons: true,
    fields: [
      { name: 'servedOn', kind: 'date', zh: '复议决定送达日', en: 'day its outcome was served' },
      {
        name: 'outcome',
        kind: 'choice',
        zh: '结果',
        en: 'outcome',
        choices: [
          choice('upheld', '维持或驳回', 'upheld'),
          choice('changed', '变更', 'changed'),
          choice('annulled', '撤销', 'annulled'),
        ],
      },
      { ...multiplier, optional: true },
      anew,
    ],
  },
  suit_filed: {
    zh: '提起行政诉讼（已立案）',
    en: 'suit filed and accepted',
    clause: '行政诉讼法第四十六条；行政处罚法第七十三条',
    of: 'claim',
    evidence: 'required',
    fields: [{ name: 'body', kind: 'text', zh: '受理法院', en: 'court' }],
  },
  suit_decided: {
    zh: '行政诉讼裁判',
    en: 'outcome of the suit',
    clause: '行政处罚法第七十三条',
    of: 'claim',
    evidence: 'required',
    twoPersons: true,
    fields: [
      { name: 'servedOn', kind: 'date', zh: '生效裁判送达日', en: 'day its outcome was served' },
      {
        name: 'outcome',
        kind: 'choice',
        zh: '结果',
        en: 'outcome',
        choices: [
          choice('upheld', '驳回诉讼请求', 'upheld'),
          choice('changed', '变更', 'changed'),
          choice('annulled', '撤销', 'annulled'),
        ],
      },
      { ...multiplier, optional: true },
      anew,
    ],
  },
  demand_issued: {
    zh: '催告',
    en: 'demand issued',
    clause: '行政强制法第三十五条、第五十四条',
    of: 'claim',
    evidence: 'optional',
    twoPersons: true,
    fields: [{ name: 'bank', kind: 'text', zh: '缴款方式（银行、账户或缴款码）', en: 'how to pay' }],
  },
  demand_served: {
    zh: '催告书送达',
    en: 'demand served',
    clause: '行政强制法第五十四条、第六十九条',
    of: 'claim',
    evidence: 'required',
    fields: serviceFields,
  },
  court_applied: {
    zh: '申请人民法院强制执行',
    en: 'application to the court',
    clause: '行政强制法第五十三条、第五十五条',
    of: 'claim',
    evidence: 'optional',
    twoPersons: true,
    fields: [
      { name: 'court', kind: 'text', zh: '受理法院', en: 'court' },
      { name: 'property', kind: 'text', zh: '执行标的情况', en: 'object of enforcement' },
    ],
  },
  court_accepted: {
    zh: '法院受理情况',
    en: 'whether the court accepts',
    clause: '行政强制法第五十六条',
    of: 'claim',
    evidence: 'required',
    fields: [
      {
        name: 'outcome',
        kind: 'choice',
        zh: '结果',
        en: 'outcome',
        hint: dayOfReceipt,
        choices: [choice('accepted', '受理', 'accepted'), choice('refused', '不予受理', 'not accepted')],
      },
      { name: 'caseNumber', kind: 'text', zh: '法院案号', en: 'the court’s case number', optional: true },
    ],
  },
  court_challenged: {
    zh: '向上一级法院申请复议',
    en: 'higher court asked',
    clause: '行政强制法第五十六条、第五十八条',
    of: 'claim',
    evidence: 'required',
    fields: [{ name: 'court', kind: 'text', zh: '上一级法院', en: 'higher court' }],
  },
  court_ruled: {
    zh: '法院裁定',
    en: 'ruling of the court',
    clause: '行政强制法第五十七条、第五十八条',
    of: 'claim',
    evidence: 'required',
    fields: [
      {
        name: 'outcome',
        kind: 'choice',
        zh: '结果',
        en: 'outcome',
        hint: dayOfReceipt,
        choices: [choice('allowed', '准予执行', 'allowed'), choice('refused', '不予执行', 'refused')],
      },
      { name: 'ruling', kind: 'text', zh: '裁定书文号', en: 'number of the ruling', optional: true },
    ],
  },
  claim_ended: {
    zh: '终结追缴',
    en: 'claim for the fee ended',
    clause: '内部规定',
    of: 'order',
    evidence: 'optional',
    twoPersons: true,
    fields: [
      {
        name: 'ground',
        kind: 'choice',
        zh: '终结情形',
        en: 'ground',
        choices: [
          choice('terminated', '法院不予执行或者终结执行', 'the court refused or terminated enforcement'),
          choice('court_over', '申请强制执行期限届满（费款仍未缴）', 'the time for the court is over, the fee unpaid'),
        ],
      },
      grounds,
    ],
  },
  closed: {
    zh: '结案',
    en: 'case closed',
    clause: '内部规定',
    of: 'case',
    evidence: 'optional',
    twoPersons: true,
    fields: [
      {
        name: 'ground',
        kind: 'choice',
        zh: '结案情形',
        en: 'ground',
        choices: [
          choice('paid', '罚款缴清', 'fine paid in full'),
          choice('revoked', '撤销立案', 'filing revoked before a decision'),
          choice('terminated', '终结执行', 'enforcement terminated'),
          choice('court_over', '申请强制执行期限届满（罚款仍未缴）', 'the time for the court is over, the fine unpaid'),
        ],
      },
      grounds,
    ],
  },
} as const satisfies Record<string, StepKind>

export type StepName = keyof typeof stepKinds
export const stepNames = Object.keys(stepKinds) as StepName[]
export const stepKind = (name: StepName): StepKind => stepKinds[name]

type FieldsOf<Name extends StepName> = (typeof stepKinds)[Name]['fields'][number]
type ValueOf<Field> = Field extends {
  readonly kind: 'choice'
  readonly choices: readonly { readonly value: infer Value }[]
}
  ? Value
  : Field extends { readonly kind: 'date' }
    ? CivilDate
    : Field extends { readonly kind: 'flag' }
      ? boolean
      : Field extends { readonly kind: 'schedule' }
        ? readonly Instalment[]
        : string
/** What a person enters for a step, read: amounts and multipliers stay exact text. An optional field may be absent. */
export type Entered<Name extends StepName> = {
  readonly [Field in FieldsOf<Name> as Field['name'] & string]: Field extends { readonly optional: true }
    ? ValueOf<Field> | undefined
    : ValueOf<Field>
}

/** A part of the fine and the last day to pay it. */
export interface Instalment {
  readonly dueOn: CivilDate
  readonly amount: string
}

interface Served {
  /** The day on which it counts as served. */
  readonly servedOn: CivilDate
}
interface Numbered {
  /** Year and number of the document, `2025-0001`. */
  readonly number: string
}
interface Priced {
  readonly baseAmount: string
  readonly fineAmount: string
}
interface Claimed {
  /** What is still unpaid of the fee or the fine, in yuan. */
  readonly amount: string
  /** The addition to a fine so far, in yuan; 0.00 for a fee. */
  readonly addition: string
}
/** What the product adds to a step: dates and amounts that follow from it, stored with it. */
interface ComputedParts {
  order_served: Served & { readonly termEndsOn: CivilDate }
  notice_issued: Priced & { readonly hearingRight: boolean }
  notice_served: Served & { readonly defenceBy: CivilDate; readonly askHearingBy: CivilDate | null }
  hearing_notified: Served
  decided: Priced
  decision_served: Served & {
    readonly payBy: CivilDate
    /** The last day on which it was to be served, and whether it was served later. */
    readonly serveBy: CivilDate
    readonly servedLate: boolean
  }
  review_decided: { readonly fineAmount: string | null }
  suit_decided: { readonly fineAmount: string | null }
  /** Whether the payments known by then leave nothing that lapsed: the term was kept after all. */
  closed: { readonly paidInTime: boolean }
  annulled: { readonly paidInTime: boolean }
  demand_issued: Claimed
  demand_served: Served & { readonly performBy: CivilDate }
  court_applied: Claimed
  /** How much of a payment went to the fine, and how much to the addition. */
  fine_paid: { readonly toFine: string; readonly toAddition: string }
}
export type Computed<Name extends StepName> = Name extends keyof ComputedParts ? ComputedParts[Name] : object
/** Steps that issue a document with a number of its own. */
export const numberedSteps = {
  notice_issued: 'penalty_notice',
  decided: 'penalty_decision',
  demand_issued: 'demand',
  court_applied: 'court_application',
} as const satisfies Partial<Record<StepName, string>>
type NumberOf<Name extends StepName> = Name extends keyof typeof numberedSteps ? Numbered : object

/** A step that was taken, in the order of its log. */
export interface StepOf<Name extends StepName> {
  readonly seq: number
  readonly name: Name
  /** The day on which it happened. */
  readonly on: CivilDate
  readonly particulars: Entered<Name> & Computed<Name> & NumberOf<Name>
  /** Staff id of who recorded (and proposed) it, and of who approved it. */
  readonly by: string
  readonly approvedBy: string | null
  readonly evidenceDigest: string | null
}
export type Step = { [Name in StepName]: StepOf<Name> }[StepName]
