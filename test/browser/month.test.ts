import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { hasBrowser, openBrowser, widths } from './browser.ts'
import { type DemoOffice, openDemoOffice } from './demo-office.ts'
import { Desk, type PickedFile } from './desk.ts'
import { fileOfApril, paymentsOfMay } from './supplier-files.ts'

const scan: PickedFile = { name: '扫描件.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 扫描件') }

/** Each passage goes on from the one before it, as the month does. */
describe.runIf(hasBrowser)('a month, walked by everybody who has a part in it', () => {
  let office: DemoOffice
  let browser: Browser
  const desks = new Map<string, Desk>()
  const desk = async (code: string): Promise<Desk> => {
    const known = desks.get(code)
    if (known !== undefined) return known
    const person = office.people.find((each) => each.code === code)
    if (person === undefined) throw new Error(`the demo has no ${code}`)
    const opened = await Desk.of(browser, office.address, person)
    desks.set(code, opened)
    return opened
  }
  beforeAll(async () => {
    office = await openDemoOffice()
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await office?.stop()
  })

  it('the water company tries its file, sees every verdict and the totals, and takes it in', async () => {
    const operator = await desk('gx-operator')
    await operator.menu('计费依据', '抄表')
    await operator.press('上传抄表文件')
    await operator.enter('用水月份', '2026-04')
    await operator.enter('文件', fileOfApril())
    await operator.press('试读文件')
    await operator.waitFor(/试读结果/)
    await operator.reads('试读，还没有保存', '通过 3 13,600', '待审 1 -50', '拒绝 1 10', '文件没有合计行', '列对应')
    await operator.press('导入 5 行')
    await operator.waitFor('处理 2 行待审和拒绝')
    await operator.reads('2 行待处理', '止码 691 小于起码 741', '没有户号 0019999')
    await operator.misses('接受勾选的行')
  })

  it('the clerk settles what is held, each with a reason and after seeing what it changes', async () => {
    const clerk = await desk('clerk')
    await clerk.menu('工作', '今日待办')
    await clerk.press(/待审抄表行/)
    await clerk.openRow('2026-04')
    await clerk.check('0019999')
    await clerk.press('拒绝勾选的行')
    await clerk.enter('原因', '户号写错，已请公司核对')
    await clerk.submit()
    await clerk.confirms('处理的行 0 1')
    await clerk.reads('已拒绝 1 行', '1 行待处理')
    await clerk.openRow('0010004')
    await clerk.press('改正这一行')
    await clerk.enter('本期读数', '1041')
    await clerk.enter('用水量', '300')
    await clerk.enter('原因', '来电核对，末位看错')
    await clerk.submit()
    await clerk.reads('变动过大', '请写明接受哪些：jump')
    await clerk.enter('本期读数', '2141')
    await clerk.enter('用水量', '1400')
    await clerk.submit()
    await clerk.confirms('本期读数 691 2141', '成为抄表记录 0 1')
    await clerk.reads('已处理完')
  })

  it('the roster of the end of April is approved by another and published', async () => {
    const approver = await desk('approver')
    await approver.press(/待我审批：征收名单/)
    await approver.openRow('征收名单')
    await approver.reads('第 2 版', '2026-04-30', '2,388')
    await approver.press('审批')
    await approver.submit()
    await approver.confirms('2026-04-30')
    await approver.reads('已批准征收名单第 2 版')

    const clerk = await desk('clerk')
    await clerk.menu('登记', '征收名单')
    await clerk.press('第 2 版')
    await clerk.press('发布')
    await clerk.submit()
    await clerk.confirms('未发布', '2026-05-20 发布')
    await clerk.reads('已发布第 2 版')
  })

  it('the clerk drafts the month, the approver looks into it and issues it past the brake', async () => {
    const clerk = await desk('clerk')
    await clerk.menu('账单', '开账批次')
    await clerk.press('试算一个月')
    await clerk.enter('费款所属月份', '2026-04')
    await clerk.press('开始试算')
    await clerk.waitFor(/^看批次/)
    await clerk.reads('需他人审批', '账单（张） 7', '合计（元） 48,120.00', '2,388 0 7 2,379 2 ● 相符', '刹车')
    await clerk.misses('审批并签发')

    const approver = await desk('approver')
    await approver.menu('工作', '今日待办')
    await approver.press(/待我审批：开账批次/)
    await approver.openRow('2026-04')
    await approver.press('审批并签发')
    await approver.reads('制单 示例经办', '没有变化', '刹车：本月计费 7 户')
    await approver.submit()
    await approver.reads('刹车', '理由')
    await approver.enter('触发刹车时的理由', '本月先开已抄到的七户')
    await approver.submit()
    await approver.confirms('账单（张） 0 7', '应缴合计（元） 0.00 48,120.00', '2026-05-25')
    await approver.reads('已签发 7 张账单 2026-009870 … 2026-009876', '● 已签发')
  })

  it('the enterprise reads what it owes and why, on a phone, and objects with a scan', async () => {
    const person = office.people.find(({ code }) => code === 'enterprise')
    if (person === undefined) throw new Error('the demo has no enterprise')
    const enterprise = await Desk.of(browser, office.address, person, { width: widths.phone })
    await enterprise.reads('待缴', '16,800.00', '最早到期 2026-05-25', '还有 5 天', '人民币壹万陆仟捌佰元整')
    await enterprise.press(/2026-009870/)
    await enterprise.reads(
      '上次读数 177,018，这次读数 189,018，用水 12,000 立方米',
      '12,000 m³ × 1.40 元/m³ = 16,800.00',
    )
    await enterprise.press('提出异议')
    await enterprise.reads('提出异议不改变到期日', '15 个工作日')
    await enterprise.enter('异议的内容和理由', '四月停产半月，请核对止码')
    await enterprise.enter('联系人和电话', '示例会计 010-00000000')
    await enterprise.enter('附件', scan)
    await enterprise.submit()
    await enterprise.reads('2026-009870')
    await enterprise.menu('我的', '应缴与期限')
    await enterprise.reads('16,800.00')
    await enterprise.leave()

    const clerk = await desk('clerk')
    await clerk.menu('工作', '今日待办')
    await clerk.reads('答复异议')
    await clerk.openRow('2026-009870')
    await clerk.reads('四月停产半月，请核对止码', '扫描件.pdf')
  })

  it('the company enters a payment in part, and the bill says what is left', async () => {
    const operator = await desk('gx-operator')
    await operator.menu('缴款', '缴款')
    await operator.press('登记一笔')
    await operator.enter('户号', '0010001')
    await operator.enter('缴款日期', '2026-05-20')
    await operator.enter('污水处理费金额', '10000')
    await operator.enter('流水号', 'T20260520001')
    await operator.submit()
    await operator.confirms('10,000.00', '2026-009870')
    await operator.search('2026-009870')
    await operator.reads('已缴（元） 10,000.00', '未缴（元） 6,800.00', 'T20260520001')
  })

  it('the company tries its file of payments, takes it in, and settles the row that nobody has an account for', async () => {
    const operator = await desk('gx-operator')
    await operator.menu('缴款', '缴款导入')
    await operator.press('导入缴款文件')
    await operator.enter('文件', paymentsOfMay())
    await operator.press('试读文件')
    await operator.waitFor(/试读结果/)
    await operator.reads('试读，还没有保存', '合计')
    await operator.press('导入 2 行，合计 1,085.20 元')
    await operator.waitFor(/处理 1 行/)
    await operator.reads('0019998')
  })

  it('who is overdue is ordered to pay: drafted, issued by another, served by the brigade with its evidence', async () => {
    const clerk = await desk('clerk')
    await clerk.menu('缴款', '逾期与账龄')
    await clerk.reads('0010120')
    await clerk.menu('催缴与处罚', '责令限期缴纳')
    await clerk.press('就逾期账单拟稿')
    await clerk.enter('排污者代码', 'E120')
    await clerk.submit()
    await clerk.confirms('责令 E120 缴纳（元） 0.00 1,061.20', '账单（张） 0 2')
    await clerk.reads('需他人审批')

    const approver = await desk('approver')
    await approver.menu('工作', '今日待办')
    await approver.press(/待我审批：责令限期缴纳/)
    await approver.openRow('E120')
    await approver.press('审批')
    await approver.submit()
    await approver.confirms('责令缴纳（元） — 1,061.20')
    await approver.reads('已签发 2026-0005，请送达')

    const brigade = await desk('brigade-officer')
    await brigade.reads('送达责令通知书', '示例机械制造有限公司120')
    await brigade.menu('催缴与处罚', '责令限期缴纳')
    await brigade.openRow('2026-0005')
    await brigade.press('责令限期缴纳通知书送达')
    await brigade.enter('发生日期', '2026-05-20')
    await brigade.enter('送达方式', '直接送达')
    await brigade.enter('受送达人', '示例收件人')
    await brigade.enter('签收人身份', '负责收件的人')
    await brigade.enter('证据文件', scan)
    await brigade.submit()
    await brigade.confirms('2026-06-04')
    await brigade.reads('期限届满 2026-06-04', '证据文件')
  })

  it('the statement of a quarter is returned, drawn anew by the company, reviewed and approved', async () => {
    const approver = await desk('approver')
    await approver.menu('划缴', '结算单')
    await approver.openRow('R2026-0002')
    await approver.press('审批')
    await approver.enter('决定', '退回')
    await approver.enter('意见（退回须写）', '请并入 3 月 31 日的两笔')
    await approver.submit()
    await approver.confirms('R2026-0002', '363,639.38')
    await approver.reads('已退回 R2026-0002')

    const operator = await desk('yq-operator')
    await operator.menu('划缴', '结算单')
    await operator.press('编制结算单')
    await operator.enter('期间', '2026-Q1')
    await operator.submit()
    await operator.confirms('363,639.38')
    await operator.reads('R2026-0004', '逐笔明细 12 笔')

    const clerk = await desk('clerk')
    await clerk.menu('划缴', '结算单')
    await clerk.openRow('R2026-0004')
    await clerk.press('复核')
    await clerk.submit()
    await clerk.confirms('R2026-0004')

    await approver.menu('划缴', '结算单')
    await approver.openRow('R2026-0004')
    await approver.press('审批')
    await approver.enter('决定', '批准')
    await approver.submit()
    await approver.confirms('R2026-0004 待审批 已审批', '363,639.38')
    await approver.reads('已批准 R2026-0004', '人民币叁拾陆万叁仟陆佰叁拾玖元叁角捌分')
  })

  it('the auditor reads all of it and can change nothing', async () => {
    const auditor = await desk('auditor')
    await auditor.menu('划缴', '结算单')
    await auditor.openRow('R2026-0004')
    await auditor.reads('● 已审批', '逐笔明细 12 笔')
    await auditor.misses('审批或退回', '提交划缴凭证', '登记')
    await auditor.menu('账簿', '总账与明细核对')
    await auditor.reads('全部相符')
  })

  it('the same file again, in English and by the keyboard alone, changes nothing', async () => {
    const person = office.people.find(({ code }) => code === 'gx-operator')
    if (person === undefined) throw new Error('the demo has no gx-operator')
    const operator = await Desk.of(browser, office.address, person, { language: 'en' })
    await operator.byKeyboardTo('basis of the fee')
    await operator.byKeyboardTo('readings')
    await operator.byKeyboardTo('upload a file')
    await operator.byKeyboardInto('file', fileOfApril())
    await operator.byKeyboardTo('try the file')
    await operator.waitFor(/trial/)
    await operator.reads('taken in before', 'taking it in again changes nothing')
    await operator.leave()
  })
})
