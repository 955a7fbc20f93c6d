import type { Role } from '../staff.ts'

/** One thing that can be done or read, and by whom. */
export interface Permission {
  readonly zh: string
  readonly en: string
  /** Roles that may do it for every party's data. */
  readonly all: readonly Role[]
  /** Roles that may do it for their own data alone: of their collector, their plant, their dischargers. */
  readonly own?: readonly Role[]
  /** Roles that may do it for what is theirs as a person: what they began, what they are told. */
  readonly self?: readonly Role[]
}

const clerk = ['bureau_clerk'] as const
const approver = ['bureau_approver'] as const
const superiors = ['bureau_approver', 'bureau_head'] as const
const bureau = ['bureau_clerk', 'bureau_approver', 'bureau_head'] as const
/** Who works on a case: the reviewer and the host judge it, and are neither its officers nor its makers (domain.md §2). */
const casework = [...bureau, 'brigade_officer', 'legal_reviewer', 'hearing_host'] as const
/** Whoever sees the money of the fee: the plant and the ecology bureau have no part in it. */
const money = [...casework, 'finance_officer', 'auditor'] as const
const office = [...money, 'ecology_officer', 'administrator'] as const
const everyone = [...office, 'water_company_operator', 'plant_operator', 'enterprise_user'] as const
const administrator = ['administrator'] as const
const company = ['water_company_operator'] as const
const plant = ['plant_operator'] as const
const enterprise = ['enterprise_user'] as const
const service = ['brigade_officer', 'bureau_clerk'] as const
const sampling = ['ecology_officer', 'brigade_officer', 'bureau_clerk', 'plant_operator'] as const

/**
 * Who may do what, with whose data: every command at the door, every route of the API, every page and every command of the
 * command line names one line of this table (README.md). What stands behind a person's name here is still bound by the
 * two-person rule and by what the command itself refuses.
 */
export const permissions = {
  // platform
  'platform.set-up-office': { zh: '初始化', en: 'set the office up', all: administrator },
  'platform.add-staff': { zh: '增加人员', en: 'add a person', all: administrator },
  'platform.add-organisation': { zh: '增加单位', en: 'add an organisation', all: administrator },
  'platform.grant-role': { zh: '授予岗位', en: 'give a person a role', all: administrator },
  'platform.end-role': { zh: '终止岗位', en: 'end a person’s role', all: administrator },
  'platform.set-setting': { zh: '修改设置', en: 'change a setting', all: administrator },
  // sign-in
  'sign-in.invite': { zh: '邀请设置密码', en: 'invite a person to set a password', all: administrator },
  'sign-in.invite-enterprise': {
    zh: '邀请排污企业人员',
    en: 'invite a person of an enterprise',
    all: ['administrator', 'bureau_clerk'],
  },
  'sign-in.end-enterprise': {
    zh: '终止企业人员的查看范围',
    en: 'end what a person of an enterprise sees',
    all: ['administrator', 'bureau_clerk'],
  },
  'sign-in.reset-second-factor': { zh: '重置第二因素', en: 'reset a second factor', all: administrator },
  'sign-in.end-sessions': { zh: '终止登录会话', en: 'end sessions', all: administrator, self: everyone },
  'sign-in.end-access': { zh: '停用登录', en: 'end a person’s access', all: administrator },
  'sign-in.set-password': { zh: '设置本人密码', en: 'set one’s own password', all: [], self: everyone },
  'sign-in.read': { zh: '查看登录情况', en: 'read who signs in', all: ['administrator', 'auditor'], self: everyone },
  'sign-in.events.read': { zh: '查看登录安全事件', en: 'read security events', all: ['administrator', 'auditor'] },
  'keys.create': { zh: '创建 API 密钥', en: 'make an API key', all: administrator },
  'keys.revoke': { zh: '吊销 API 密钥', en: 'revoke an API key', all: administrator },
  'keys.read': { zh: '查看 API 密钥', en: 'read API keys', all: ['administrator', 'auditor'] },
  'staff.read': { zh: '查看人员与岗位', en: 'read people and roles', all: office },
  'settings.read': { zh: '查看设置', en: 'read settings', all: office },
  'proposals.read': {
    zh: '查看待审批事项',
    en: 'read proposals',
    all: [...casework, 'finance_officer', 'ecology_officer', 'auditor'],
  },
  'audit.read': { zh: '查看办理记录', en: 'read the audit trail', all: ['auditor', 'administrator', 'bureau_head'] },
  'works.read': {
    zh: '查看办理进度',
    en: 'read the progress of long work',
    all: ['auditor', 'administrator'],
    self: [...casework, 'finance_officer', 'ecology_officer', 'water_company_operator', 'plant_operator'],
  },
  'about.read': { zh: '查看接口文档', en: 'read the document of the API', all: everyone },
  'documents.read': { zh: '查看已出具文书', en: 'read issued documents', all: money },
  'templates.read': { zh: '查看文书模板', en: 'read templates of documents', all: office },
  'documents.propose-template': { zh: '提交文书模板', en: 'propose a template', all: clerk },
  'documents.approve-template': { zh: '批准文书模板', en: 'approve a template', all: approver },
  'documents.return-template': { zh: '退回文书模板', en: 'return a template', all: approver },
  // jobs
  'jobs.read': { zh: '查看定时任务', en: 'read the schedule', all: [...bureau, 'administrator', 'auditor'] },
  'jobs.retry-slot': { zh: '重试定时任务', en: 'retry a parked slot', all: ['bureau_clerk', 'administrator'] },
  'jobs.tell-staff': { zh: '发出提醒', en: 'tell staff', all: ['scheduler'] },
  // messages to enterprises and bodies
  'outbox.make-messages': { zh: '生成通知', en: 'make messages', all: ['scheduler', 'bureau_clerk'] },
  'outbox.retry-message': {
    zh: '重新发送通知',
    en: 'send a message once more',
    all: ['bureau_clerk', 'administrator'],
  },
  'outbox.stop-message': { zh: '停止发送通知', en: 'stop a message', all: ['bureau_clerk', 'administrator'] },
  'outbox.end-contact': { zh: '终止联系方式', en: 'end a contact', all: clerk },
  'dischargers.add-contact': { zh: '登记联系方式', en: 'record a contact', all: clerk },
  'outbox.read': {
    zh: '查看通知与联系方式',
    en: 'read messages and contacts',
    all: [...bureau, 'administrator', 'auditor'],
  },
  'notices.read': {
    zh: '查看提醒',
    en: 'read notices',
    all: [...bureau, 'administrator', 'auditor'],
    self: [
      'brigade_officer',
      'legal_reviewer',
      'hearing_host',
      'finance_officer',
      'ecology_officer',
      'water_company_operator',
      'plant_operator',
    ],
  },
  // calendars
  'calendars.read': { zh: '查看年度日历', en: 'read calendars', all: everyone },
  'calendars.propose-calendar-year': { zh: '提交年度日历', en: 'propose the calendar of a year', all: clerk },
  'calendars.approve-calendar-year': { zh: '批准年度日历', en: 'approve the calendar of a year', all: approver },
  'calendars.return-calendar-year': { zh: '退回年度日历', en: 'return the calendar of a year', all: approver },
  // journal
  'journal.read': { zh: '查看账簿', en: 'read the books', all: [...bureau, 'finance_officer', 'auditor'] },
  // dischargers
  'dischargers.read': {
    zh: '查看排污者',
    en: 'read dischargers',
    all: [...money, 'ecology_officer', 'plant_operator'],
    own: enterprise,
  },
  'accounts.read': {
    zh: '查看用水户',
    en: 'read supply accounts',
    all: money,
    own: ['water_company_operator', 'enterprise_user'],
  },
  'collectors.read': { zh: '查看代征单位', en: 'read collectors', all: office, own: company },
  'categories.read': { zh: '查看用户群体与价格类别', en: 'read payer groups and price categories', all: everyone },
  'rosters.read': { zh: '查看征收名单', en: 'read rosters', all: money, own: company },
  'registry.read': { zh: '查看登记导入与导出', en: 'read and export the registry', all: [...bureau, 'auditor'] },
  'dischargers.register-discharger': { zh: '登记排污者', en: 'register a discharger', all: clerk },
  'dischargers.sign-agreement': { zh: '登记纳管协议', en: 'enter an agreement', all: clerk },
  'dischargers.end-agreement': { zh: '终止纳管协议', en: 'end an agreement', all: clerk },
  'dischargers.add-outlet': { zh: '登记排污口', en: 'enter an outlet', all: clerk },
  'dischargers.end-outlet': { zh: '终止排污口', en: 'end an outlet', all: clerk },
  'dischargers.open-account': { zh: '开户', en: 'open an account', all: clerk },
  'dischargers.transfer-account': { zh: '过户', en: 'transfer an account', all: clerk },
  'dischargers.change-account-category': { zh: '变更类别', en: 'change a category', all: clerk },
  'dischargers.suspend-account': { zh: '报停', en: 'suspend an account', all: clerk },
  'dischargers.resume-account': { zh: '恢复用水', en: 'resume an account', all: clerk },
  'dischargers.close-account': { zh: '销户', en: 'close an account', all: clerk },
  'dischargers.install-meter': { zh: '装表', en: 'install a meter', all: clerk },
  'dischargers.replace-meter': { zh: '换表', en: 'replace a meter', all: clerk },
  'dischargers.remove-meter': { zh: '拆表', en: 'remove a meter', all: clerk },
  'dischargers.set-meter-shares': { zh: '设定水表分摊', en: 'set the shares of a meter', all: clerk },
  'dischargers.add-collector': { zh: '增加代征单位', en: 'add a collector', all: clerk },
  'dischargers.add-collector-contract': { zh: '登记代征合同', en: 'enter a collector’s contract', all: clerk },
  'dischargers.end-collector-contract': { zh: '终止代征合同', en: 'end a collector’s contract', all: clerk },
  'dischargers.add-price-category': { zh: '增加价格类别', en: 'add a price category', all: clerk },
  'dischargers.add-payer-group': { zh: '增加用户群体', en: 'add a payer group', all: clerk },
  'dischargers.import-registry': { zh: '导入登记文件', en: 'import a file of the registry', all: clerk },
  'dischargers.freeze-roster': { zh: '冻结征收名单', en: 'freeze a roster', all: clerk },
  'dischargers.approve-roster': { zh: '批准征收名单', en: 'approve a roster', all: approver },
  'dischargers.return-roster': { zh: '退回征收名单', en: 'return a roster', all: approver },
  'dischargers.publish-roster': {
    zh: '发布征收名单',
    en: 'publish a roster',
    all: ['bureau_clerk', 'bureau_approver'],
  },
  // quality
  'quality.read': {
    zh: '查看水质',
    en: 'read limits, samples and grades',
    all: [...casework, 'ecology_officer', 'plant_operator', 'auditor'],
    own: enterprise,
  },
  'referrals.read': { zh: '查看移送', en: 'read referrals', all: [...casework, 'ecology_officer', 'auditor'] },
  'quality.totals.read': {
    zh: '查看排放总量与许可',
    en: 'read what was discharged beside permitted totals',
    all: [...casework, 'ecology_officer', 'auditor'],
  },
  'quality.imports.read': {
    zh: '查看样品导入与导出',
    en: 'read imports of samples and export them',
    all: [...bureau, 'ecology_officer', 'brigade_officer', 'plant_operator', 'auditor'],
  },
  'quality.add-pollutant': { zh: '增加污染物', en: 'add a pollutant', all: ['bureau_clerk', 'ecology_officer'] },
  'quality.propose-limits': {
    zh: '提交许可限值',
    en: 'propose permitted limits',
    all: ['bureau_clerk', 'ecology_officer', 'brigade_officer'],
  },
  'quality.approve-limits': { zh: '批准许可限值', en: 'approve permitted limits', all: approver },
  'quality.record-sample': { zh: '登记样品', en: 'enter a sample', all: sampling },
  'quality.import-samples': { zh: '导入样品', en: 'import samples', all: sampling },
  'quality.withdraw-sample': { zh: '撤回样品', en: 'withdraw a sample', all: sampling },
  'quality.report-accident': { zh: '登记事故报告', en: 'enter an accident report', all: sampling },
  'quality.propose-credit-grade': {
    zh: '提交信用等级',
    en: 'propose a credit grade',
    all: ['ecology_officer', 'bureau_clerk'],
  },
  'quality.approve-credit-grade': { zh: '批准信用等级', en: 'approve a credit grade', all: approver },
  'quality.propose-referral': { zh: '提出移送', en: 'propose a referral', all: service },
  'quality.approve-referral': { zh: '批准移送', en: 'approve a referral', all: approver },
  'quality.record-reply': {
    zh: '登记移送回复',
    en: 'enter the reply to a referral',
    all: ['brigade_officer', 'ecology_officer', 'bureau_clerk'],
  },
  'quality.return-proposal': { zh: '退回水质事项', en: 'return a proposal on quality', all: approver },
  // tariffs
  'tariffs.read': { zh: '查看收费标准', en: 'read rate schedules', all: everyone },
  'tariffs.propose-rate-schedule': { zh: '提交收费标准', en: 'propose a rate schedule', all: clerk },
  'tariffs.approve-rate-schedule': { zh: '批准收费标准', en: 'approve a rate schedule', all: approver },
  'tariffs.return-rate-schedule': { zh: '退回收费标准', en: 'return a rate schedule', all: approver },
  'tariffs.end-rate-schedule': { zh: '终止收费标准', en: 'end a rate schedule', all: approver },
  // readings
  'readings.read': {
    zh: '查看抄表',
    en: 'read meter readings',
    all: [...casework, 'auditor'],
    own: ['water_company_operator', 'enterprise_user'],
  },
  'readings.imports.read': {
    zh: '查看抄表导入',
    en: 'read imports of readings',
    all: [...bureau, 'auditor'],
    own: company,
  },
  'readings.import': { zh: '导入抄表', en: 'import readings', all: clerk, own: company },
  'readings.accept-rows': { zh: '接受待审抄表', en: 'accept held readings', all: clerk },
  'readings.correct-row': { zh: '改正抄表行', en: 'correct a row of readings', all: clerk, own: company },
  'readings.reject-rows': { zh: '拒绝抄表行', en: 'reject rows of readings', all: clerk, own: company },
  'readings.record-reading': { zh: '登记抄表', en: 'enter a reading', all: clerk },
  'readings.estimate-reading': { zh: '估抄', en: 'estimate a reading', all: clerk },
  'readings.withdraw-reading': { zh: '撤回抄表', en: 'withdraw a reading', all: clerk },
  // volumes
  'volumes.read': {
    zh: '查看计量依据',
    en: 'read volume bases',
    all: [...casework, 'auditor'],
    own: ['water_company_operator', 'enterprise_user'],
  },
  'volumes.propose-basis': { zh: '提出计量依据', en: 'propose a volume basis', all: clerk },
  'volumes.decide-basis': { zh: '审批计量依据', en: 'decide a volume basis', all: approver },
  'volumes.end-basis': { zh: '终止计量依据', en: 'end a volume basis', all: ['bureau_clerk', 'bureau_approver'] },
  'volumes.declare-own-source': { zh: '申报自备水源用水', en: 'declare own-source use', all: service },
  'volumes.propose-rated-flow': { zh: '提出按额定流量计费', en: 'propose billing at rated flow', all: clerk },
  'volumes.decide-declaration': { zh: '审核自备水源申报', en: 'review a declaration', all: approver },
  'volumes.decide-rated-flow': { zh: '审批按额定流量计费', en: 'decide billing at rated flow', all: approver },
  // bills
  'bills.read': {
    zh: '查看账单',
    en: 'read bills',
    all: money,
    own: ['water_company_operator', 'enterprise_user'],
  },
  'bills.runs.read': { zh: '查看开账批次', en: 'read bill runs', all: [...bureau, 'auditor'] },
  'bills.verify': { zh: '复算账单', en: 'recompute bills', all: [...bureau, 'auditor', 'administrator'] },
  'bills.open-run': { zh: '开账试算', en: 'draft a bill run', all: ['bureau_clerk', 'scheduler'] },
  'bills.submit-run': { zh: '提交开账批次', en: 'submit a bill run', all: ['bureau_clerk', 'scheduler'] },
  'bills.approve-run': { zh: '审批并签发开账批次', en: 'approve and issue a bill run', all: approver },
  'bills.return-run': { zh: '退回开账批次', en: 'return a bill run', all: approver },
  'bills.discard-run': { zh: '作废开账批次', en: 'discard a bill run', all: ['bureau_clerk', 'bureau_approver'] },
  'bills.propose-correction': { zh: '提出账单更正', en: 'propose the correction of a bill', all: clerk },
  'bills.decide-correction': { zh: '审批账单更正', en: 'decide the correction of a bill', all: approver },
  'bills.import-opening': { zh: '导入启用数据', en: 'import opening data', all: clerk },
  // payments
  'payments.read': {
    zh: '查看缴款与欠费',
    en: 'read payments and what is outstanding',
    all: money,
    own: ['water_company_operator', 'enterprise_user'],
  },
  'payments.imports.read': {
    zh: '查看缴款导入',
    en: 'read imports of payments',
    all: [...bureau, 'auditor'],
    own: company,
  },
  'payments.verify': {
    zh: '核验缴款账目',
    en: 'verify the books of payments',
    all: [...bureau, 'finance_officer', 'auditor', 'administrator'],
  },
  'payments.import': { zh: '导入缴款', en: 'import payments', all: clerk, own: company },
  'payments.accept-rows': { zh: '接受待审缴款', en: 'accept held payments', all: clerk },
  'payments.correct-row': { zh: '改正缴款行', en: 'correct a row of payments', all: clerk, own: company },
  'payments.reject-rows': { zh: '拒绝缴款行', en: 'reject rows of payments', all: clerk, own: company },
  // Not finance: it confirms what reached the treasury, and nobody confirms what they entered themselves.
  'payments.record': { zh: '登记缴款', en: 'enter a payment', all: clerk, own: company },
  'payments.reverse': { zh: '冲正缴款', en: 'reverse a payment', all: clerk, own: company },
  'payments.allocate': { zh: '核销缴款', en: 'allocate a payment', all: clerk },
  'payments.propose-refund': { zh: '提出退款', en: 'propose a refund', all: clerk },
  'payments.decide-refund': { zh: '审批退款', en: 'decide a refund', all: approver },
  'payments.keep-overdue-list': {
    zh: '留存逾期清单',
    en: 'keep the list of the overdue',
    all: ['scheduler', 'bureau_clerk'],
  },
  'payments.rebuild': {
    zh: '重建欠费与预收',
    en: 'rebuild what is outstanding',
    all: ['administrator', 'bureau_clerk'],
  },
  'objections.read': { zh: '查看账单异议', en: 'read objections', all: [...casework, 'auditor'], own: enterprise },
  'objections.receive': { zh: '登记账单异议', en: 'receive an objection', all: clerk, own: enterprise },
  'objections.answer': { zh: '答复账单异议', en: 'answer an objection', all: approver },
  // receipts
  'receipts.read': {
    zh: '查看财政电子票据',
    en: 'read receipts',
    all: [...bureau, 'finance_officer', 'auditor'],
    own: enterprise,
  },
  'receipts.batches.read': {
    zh: '查看票据批次',
    en: 'read batches of receipts',
    all: [...bureau, 'finance_officer', 'auditor'],
  },
  // The bureau's alone: a batch to the finance platform holds the receipts of every collector (art. 10).
  'receipts.prepare': { zh: '准备财政电子票据', en: 'prepare receipts', all: clerk },
  'receipts.draft-notice': { zh: '申请缴款通知', en: 'ask for a payment notice', all: clerk },
  'receipts.export': { zh: '导出开票申请', en: 'export requests for receipts', all: clerk },
  'receipts.import-results': { zh: '导入开票回执', en: 'import the results of receipts', all: clerk },
  // enforcement
  'enforcement.read': {
    zh: '查看催缴与处罚',
    en: 'read orders and cases',
    all: money,
    own: enterprise,
  },
  'enforcement.evidence.read': { zh: '查看执法证据', en: 'read the evidence of steps', all: money },
  'enforcement.keep-evidence': {
    zh: '存入证据文件',
    en: 'keep a scanned paper',
    all: [...casework, 'ecology_officer', 'plant_operator', 'finance_officer'],
  },
  'enforcement.draft-order': { zh: '拟制责令限期缴纳通知', en: 'draft an order to pay', all: service },
  'enforcement.issue-order': { zh: '签发责令限期缴纳通知', en: 'issue an order to pay', all: superiors },
  'enforcement.return-order': { zh: '退回责令限期缴纳通知', en: 'return an order to pay', all: superiors },
  'enforcement.report-case': { zh: '提出立案报告', en: 'report a case', all: ['brigade_officer'] },
  'enforcement.file-case': { zh: '批准立案', en: 'file a case', all: superiors },
  'enforcement.return-case': { zh: '退回立案报告', en: 'return a case report', all: superiors },
  'enforcement.review-estimate': { zh: '审核估抄账单', en: 'review an estimated bill', all: superiors },
  'enforcement.propose-grid': { zh: '提出裁量基准', en: 'propose a discretion grid', all: clerk },
  'enforcement.adopt-grid': { zh: '批准裁量基准', en: 'adopt a discretion grid', all: superiors },
  'enforcement.return-grid': { zh: '退回裁量基准', en: 'return a discretion grid', all: superiors },
  'enforcement.approve-step': { zh: '审批执法步骤', en: 'approve a step', all: superiors },
  'enforcement.return-step': { zh: '退回执法步骤', en: 'return a step', all: superiors },
  // Whoever enters a step, or proposes it where two persons take it.
  'enforcement.step.order_served': { zh: '送达责令通知', en: 'serve the order', all: service },
  'enforcement.step.order_withdrawn': { zh: '撤回责令通知', en: 'withdraw the order', all: service },
  'enforcement.step.correction_opened': { zh: '允许更正账单', en: 'open a correction', all: superiors },
  'enforcement.step.investigated': { zh: '调查', en: 'investigate', all: ['brigade_officer'] },
  'enforcement.step.notice_issued': { zh: '拟制处罚告知', en: 'draft the notice', all: ['brigade_officer'] },
  'enforcement.step.notice_served': { zh: '送达处罚告知', en: 'serve the notice', all: service },
  'enforcement.step.defence_received': {
    zh: '收到陈述申辩',
    en: 'receive a defence',
    all: service,
    own: enterprise,
  },
  'enforcement.step.defence_rechecked': { zh: '复核陈述申辩', en: 'recheck a defence', all: service },
  'enforcement.step.rights_waived': { zh: '放弃陈述申辩', en: 'take a waiver', all: service },
  'enforcement.step.hearing_requested': {
    zh: '收到听证申请',
    en: 'take a request for a hearing',
    all: service,
    own: enterprise,
  },
  'enforcement.step.hearing_notified': { zh: '通知听证', en: 'call a hearing', all: clerk },
  'enforcement.step.hearing_held': { zh: '举行听证', en: 'hold a hearing', all: ['hearing_host'] },
  'enforcement.step.hearing_dropped': { zh: '终止听证', en: 'drop a hearing', all: ['bureau_clerk', 'hearing_host'] },
  'enforcement.step.legal_reviewed': { zh: '法制审核', en: 'review the law', all: ['legal_reviewer'] },
  'enforcement.step.discussed': { zh: '集体讨论', en: 'record the discussion', all: clerk },
  'enforcement.step.decided': { zh: '拟制处罚决定', en: 'draft the decision', all: ['brigade_officer'] },
  'enforcement.step.no_penalty': {
    zh: '拟制不予处罚决定',
    en: 'draft a decision not to fine',
    all: ['brigade_officer'],
  },
  'enforcement.step.decision_served': { zh: '送达处罚决定', en: 'serve the decision', all: service },
  'enforcement.step.deferred': { zh: '暂缓或分期缴纳', en: 'defer the fine', all: service },
  'enforcement.step.fine_paid': {
    zh: '登记罚款缴纳',
    en: 'enter the payment of a fine',
    all: ['bureau_clerk', 'finance_officer'],
  },
  'enforcement.step.fine_payment_reversed': {
    zh: '冲回罚款缴纳',
    en: 'reverse the payment of a fine',
    all: ['bureau_clerk', 'finance_officer'],
  },
  'enforcement.step.fine_refunded': { zh: '退还罚款', en: 'refund a fine', all: ['bureau_clerk', 'finance_officer'] },
  'enforcement.step.annulled': { zh: '撤销处罚决定', en: 'annul the decision', all: service },
  'enforcement.step.review_filed': { zh: '登记行政复议', en: 'enter a review', all: service },
  'enforcement.step.review_decided': { zh: '登记复议结果', en: 'enter the outcome of a review', all: service },
  'enforcement.step.suit_filed': { zh: '登记行政诉讼', en: 'enter a suit', all: service },
  'enforcement.step.suit_decided': { zh: '登记诉讼结果', en: 'enter the outcome of a suit', all: service },
  'enforcement.step.demand_issued': { zh: '拟制催告书', en: 'draft the demand', all: service },
  'enforcement.step.demand_served': { zh: '送达催告书', en: 'serve the demand', all: service },
  'enforcement.step.court_applied': { zh: '申请法院强制执行', en: 'apply to the court', all: service },
  'enforcement.step.court_accepted': { zh: '登记法院受理情况', en: 'enter whether the court accepts', all: service },
  'enforcement.step.court_challenged': {
    zh: '登记向上一级法院申请复议',
    en: 'enter what the higher court is asked',
    all: service,
  },
  'enforcement.step.court_ruled': { zh: '登记法院裁定', en: 'enter the court’s ruling', all: service },
  'enforcement.step.claim_ended': { zh: '终结追缴', en: 'end the claim for a fee', all: service },
  'enforcement.step.closed': { zh: '结案', en: 'close the case', all: service },
  // Whoever is the second person of a step.
  'enforcement.approve.order_withdrawn': { zh: '批准撤回责令通知', en: 'approve a withdrawal', all: superiors },
  'enforcement.approve.notice_issued': { zh: '签发处罚告知', en: 'sign the notice', all: superiors },
  'enforcement.approve.decided': { zh: '签发处罚决定', en: 'sign the decision', all: ['bureau_head'] },
  'enforcement.approve.no_penalty': { zh: '签发不予处罚决定', en: 'sign a decision not to fine', all: ['bureau_head'] },
  'enforcement.approve.deferred': { zh: '批准暂缓或分期', en: 'approve a deferral', all: ['bureau_head'] },
  'enforcement.approve.fine_payment_reversed': { zh: '批准冲回罚款', en: 'approve a reversal', all: approver },
  'enforcement.approve.fine_refunded': { zh: '批准退还罚款', en: 'approve a refund', all: approver },
  'enforcement.approve.annulled': { zh: '批准撤销处罚', en: 'approve an annulment', all: ['bureau_head'] },
  'enforcement.approve.review_decided': { zh: '确认复议结果', en: 'confirm a review’s outcome', all: superiors },
  'enforcement.approve.suit_decided': { zh: '确认诉讼结果', en: 'confirm a suit’s outcome', all: superiors },
  'enforcement.approve.demand_issued': { zh: '签发催告书', en: 'sign the demand', all: superiors },
  'enforcement.approve.court_applied': { zh: '批准申请强制执行', en: 'approve the application', all: ['bureau_head'] },
  'enforcement.approve.claim_ended': { zh: '批准终结追缴', en: 'approve the end of a claim', all: superiors },
  'enforcement.approve.closed': { zh: '批准结案', en: 'approve the closing', all: superiors },
  // remittance
  'remittance.read': {
    zh: '查看划缴与对账',
    en: 'read remittances and their tie-out',
    all: [...bureau, 'finance_officer', 'auditor'],
    own: company,
  },
  'remittance.verify': {
    zh: '核验划缴账目',
    en: 'verify the books of remittance',
    all: [...bureau, 'finance_officer', 'auditor', 'administrator'],
  },
  'settlements.read': {
    zh: '查看汇算清缴与公示',
    en: 'read annual settlements and disclosure',
    all: [...bureau, 'finance_officer', 'auditor'],
  },
  'treasury.read': {
    zh: '查看国库到账',
    en: 'read what the treasury received',
    all: [...bureau, 'finance_officer', 'auditor'],
  },
  'remittance.draw-statement': { zh: '编制划缴结算单', en: 'draw a statement', all: clerk, own: company },
  'remittance.withdraw-statement': { zh: '撤回划缴结算单', en: 'withdraw a statement', all: clerk, own: company },
  'remittance.review-statement': { zh: '复核划缴结算单', en: 'review a statement', all: clerk },
  'remittance.approve-statement': { zh: '审批划缴结算单', en: 'approve a statement', all: approver },
  'remittance.return-statement': {
    zh: '退回划缴结算单',
    en: 'return a statement',
    all: ['bureau_approver', 'bureau_clerk'],
  },
  'remittance.keep-paper': {
    zh: '出具划缴文书',
    en: 'issue and keep a signed paper of remittance',
    all: ['bureau_clerk', 'bureau_approver'],
  },
  'remittance.submit-voucher': { zh: '提交划缴凭证', en: 'submit a voucher', all: clerk, own: company },
  'remittance.confirm-voucher': { zh: '确认入库', en: 'confirm a receipt of the treasury', all: ['finance_officer'] },
  'remittance.reject-voucher': { zh: '驳回划缴凭证', en: 'reject a voucher', all: ['finance_officer'] },
  'remittance.reverse-receipt': { zh: '冲回入库', en: 'reverse a receipt of the treasury', all: ['finance_officer'] },
  'remittance.import-treasury': {
    zh: '导入国库到账',
    en: 'import the treasury’s receipts',
    all: ['finance_officer', 'bureau_clerk'],
  },
  'remittance.decide-treasury-row': {
    zh: '处理到账差异',
    en: 'decide a row of the treasury',
    all: ['finance_officer', 'bureau_clerk'],
  },
  'remittance.claim-fee': { zh: '申请代征手续费', en: 'claim the collection fee', all: clerk, own: company },
  'remittance.decide-fee': { zh: '审批代征手续费', en: 'decide the collection fee', all: approver },
  'remittance.pay-fee': { zh: '支付代征手续费', en: 'pay the collection fee', all: ['finance_officer'] },
  'remittance.declare-volume': { zh: '申报售水量', en: 'declare the volume sold', all: clerk, own: company },
  'remittance.draw-reconciliation': { zh: '编制季度对账', en: 'draw a reconciliation', all: clerk },
  'remittance.sign-reconciliation': {
    zh: '签认季度对账',
    en: 'sign a reconciliation',
    all: ['bureau_clerk', 'bureau_approver', 'finance_officer'],
    own: company,
  },
  // For whom one signs.
  'remittance.sign-as-collector': { zh: '代征单位签认对账', en: 'sign for the collector', all: clerk, own: company },
  'remittance.sign-as-bureau': { zh: '城管局签认对账', en: 'sign for the bureau', all: approver },
  'remittance.sign-as-finance': { zh: '财政局签认对账', en: 'sign for finance', all: ['finance_officer'] },
  'remittance.return-reconciliation': {
    zh: '退回季度对账',
    en: 'return a reconciliation',
    all: ['bureau_clerk', 'bureau_approver', 'finance_officer'],
    own: company,
  },
  'remittance.propose-write-off': { zh: '提出核销', en: 'propose a write-off', all: clerk },
  'remittance.decide-write-off': { zh: '审批核销', en: 'decide a write-off', all: approver },
  'remittance.propose-settlement': { zh: '编制汇算清缴', en: 'draw the annual settlement', all: clerk },
  'remittance.decide-settlement': { zh: '审批汇算清缴', en: 'decide the annual settlement', all: approver },
  'remittance.propose-disclosure': { zh: '提出公开征收使用情况', en: 'propose to make a year public', all: clerk },
  'remittance.decide-disclosure': { zh: '审批公开征收使用情况', en: 'decide what is made public', all: approver },
  // settlement
  'settlement.read': {
    zh: '查看服务费结算',
    en: 'read the plant’s settlement',
    all: [...bureau, 'brigade_officer', 'finance_officer', 'auditor'],
    own: plant,
  },
  'settlement.verify': {
    zh: '复算服务费',
    en: 'recompute service fees',
    all: [...bureau, 'finance_officer', 'auditor', 'administrator'],
  },
  'settlement.propose-concession': { zh: '提交特许经营协议', en: 'propose a concession agreement', all: clerk },
  'settlement.approve-concession': { zh: '批准特许经营协议', en: 'approve a concession agreement', all: approver },
  'settlement.propose-concession-end': { zh: '提交协议终止', en: 'propose the end of an agreement', all: clerk },
  'settlement.approve-concession-end': { zh: '批准协议终止', en: 'approve the end of an agreement', all: approver },
  'settlement.return-concession': { zh: '退回协议事项', en: 'return a proposal on an agreement', all: approver },
  'settlement.import-plant-days': { zh: '导入运行日报', en: 'import daily volumes', all: clerk, own: plant },
  'settlement.accept-rows': { zh: '接受待审日报', en: 'accept held days', all: clerk },
  'settlement.correct-row': { zh: '改正日报行', en: 'correct a day', all: clerk, own: plant },
  'settlement.reject-rows': { zh: '拒绝日报行', en: 'reject days', all: clerk, own: plant },
  'settlement.claim': { zh: '申请污水处理服务费', en: 'claim a service fee', all: [], own: plant },
  'settlement.review-claim': { zh: '审核服务费申请', en: 'review a claim', all: ['brigade_officer'] },
  'settlement.approve-claim': { zh: '审定服务费', en: 'approve a service fee', all: approver },
  'settlement.pay-claim': { zh: '拨付服务费', en: 'pay a service fee', all: ['finance_officer'] },
  'settlement.reconcile-payment': { zh: '核对服务费拨付', en: 'reconcile a payment', all: ['finance_officer'] },
  'settlement.return-claim': {
    zh: '退回服务费申请',
    en: 'return a claim',
    all: ['brigade_officer', 'bureau_approver', 'finance_officer'],
  },
  // evidence
  'evidence.read': {
    zh: '查看证据链',
    en: 'read the chain of evidence',
    all: [...bureau, 'finance_officer', 'auditor', 'administrator'],
  },
  'evidence.verify': { zh: '核验全部数据', en: 'verify everything', all: [...bureau, 'auditor', 'administrator'] },
} as const satisfies Readonly<Record<string, Permission>>

export type PermissionName = keyof typeof permissions
