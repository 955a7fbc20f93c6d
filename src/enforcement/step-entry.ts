import type { StepField, StepName } from './steps.ts'

/** The word of each step on the command line and in addresses. */
export const stepWords: Readonly<Record<StepName, string>> = {
  order_served: 'serve',
  order_withdrawn: 'withdraw',
  correction_opened: 'open-correction',
  investigated: 'investigate',
  notice_issued: 'notice',
  notice_served: 'serve-notice',
  defence_received: 'defence',
  defence_rechecked: 'recheck',
  rights_waived: 'waive',
  hearing_requested: 'ask-hearing',
  hearing_notified: 'call-hearing',
  hearing_held: 'hold-hearing',
  hearing_dropped: 'drop-hearing',
  legal_reviewed: 'legal-review',
  discussed: 'discuss',
  decided: 'fine',
  no_penalty: 'no-penalty',
  decision_served: 'serve-decision',
  deferred: 'defer',
  fine_paid: 'pay',
  fine_payment_reversed: 'reverse-payment',
  fine_refunded: 'refund',
  annulled: 'annul',
  review_filed: 'review',
  review_decided: 'review-outcome',
  suit_filed: 'suit',
  suit_decided: 'suit-outcome',
  demand_issued: 'demand',
  demand_served: 'serve-demand',
  court_applied: 'court',
  court_accepted: 'acceptance',
  court_challenged: 'challenge',
  court_ruled: 'ruling',
  claim_ended: 'end-claim',
  closed: 'close',
}

/** The name of a field with how it is entered. */
export function labelOf({ zh, en, hint }: StepField, language: 'zh' | 'en'): string {
  if (hint === undefined) return { zh, en }[language]
  return language === 'zh' ? `${zh}（${hint.zh}）` : `${en} (${hint.en})`
}

/** One value for the example of a field. */
export function sampleOf({ name, kind, choices }: StepField): string {
  const samples: Readonly<Record<StepField['kind'], string>> = {
    text: { to: '张三', reference: '示例0001' }[name] ?? '说明',
    date: '2025-06-09',
    money: '34566.00',
    multiplier: '2',
    flag: 'true',
    choice: choices?.[0]?.value ?? '',
    staff: 'host',
    bill: '2025-000001',
    schedule: '2025-07-31=10000.00,2025-08-29=24566.00',
  }
  return samples[kind]
}
