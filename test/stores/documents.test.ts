import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { billDocument } from '../../src/bills/bill.document.ts'
import { printBill } from '../../src/bills/print-bill.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { type Envelope, runCommand, sqlState } from '../../src/platform/command.ts'
import { approveTemplate, returnTemplate } from '../../src/platform/documents/approve-template.ts'
import type { DocumentKind } from '../../src/platform/documents/document.ts'
import {
  findIssued,
  issuedDocuments,
  templateInForce,
  templateVersions,
} from '../../src/platform/documents/documents.queries.ts'
import { keepDocument, printDocument } from '../../src/platform/documents/print-document.ts'
import { proposeTemplate } from '../../src/platform/documents/propose-template.ts'
import { readStoredFile } from '../../src/platform/files.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { linesOfPage, textOfPdf } from '../support/pdf-text.ts'
import { SmallTown } from '../support/small-town.ts'

const kinds = [billDocument]
const own = billDocument.template.replace('# 工业污水处理费{{kind}}', '# 污水处理费缴费{{kind}}')

onEveryDatabase('documents', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-02-20')
    for (const account of ['1001', '1002']) await town.enrol(account, { openedOn: '2026-03-01' })
    town.on('2026-04-02')
    await town.read('2026-03', [
      { account: '1001', start: '0', end: '12345', on: '2026-03-31' },
      { account: '1002', start: '0', end: '100', on: '2026-03-31' },
    ])
    await town.bill('2026-03')
    town.on('2026-04-20')
    await town.read('2026-03', [{ account: '1002', start: '0', end: '90', on: '2026-03-31' }])
    await town.correct('2026-000002', 'adjust')
    await town.correct('2026-000001', 'cancel', 'duplicate')
  })
  afterAll(() => town.leave())

  const print = async (accountNo: string, at: number) => {
    const bill = (await town.bills(accountNo, '2026-03'))[at]
    if (bill === undefined) throw new Error(`no bill ${at} of ${accountNo}`)
    const printed = await printBill(town.services.db, town.services.printer, bill)
    if (isRefusal(printed)) throw new Error(printed.sentence('en'))
    return printed
  }
  const lines = async (accountNo: string, at: number) =>
    textOfPdf((await print(accountNo, at)).bytes).flatMap(linesOfPage)

  describe('a bill on paper', () => {
    it('says who owes what by when, from meter to fen', async () => {
      const page = await lines('1002', 0)
      expect(page).toContain('工业污水处理费账单')
      expect(page).toContain('编号 2026-000002')
      expect(page).toContain('缴纳义务人 示例用户P1002 户号 1002')
      expect(page).toContain('信用代码 — 代征单位 示例供水公司（water）')
      expect(page).toContain('1 非居民 2026-03-01 至 2026-03-31 100 140.00')
      expect(page).toContain('1 抄表 M1002  0 → 100 = 100 m³')
      expect(page.join('\n')).toContain('办法第八条；财税〔2014〕151号第十条')
      expect(page).toContain('1 100 m³ × 1.40 元/m³ = 140.00')
      expect(page).toContain('合计（大写）：人民币壹佰肆拾元整　　（小写）：¥140.00')
      expect(page).toContain('收费标准：示例收费标准（示例文号 flat-2020），自2020年1月1日用水起执行')
      expect(page.join('')).toContain('自收到之次日起15个工作日内答复')
      expect(page).toContain('缴费期限：2026年4月10日（含当日）')
      expect(page.join('\n')).toContain('赣区府办字〔2023〕70号）第八条、第九条、')
    })

    it('says 退补 and the difference, and asks for no payment', async () => {
      const page = await lines('1002', 1)
      expect(page).toContain('工业污水处理费退补账单')
      expect(page).toContain('本账单更正账单 2026-000002。原因：水量更正。依据：示例复核记录')
      expect(page).toContain('合计（大写）：负人民币壹拾肆元整　　（小写）：¥-14.00')
      expect(page).toContain('本账单无须缴费；负数金额冲减应缴。')
      expect(page.join('\n')).not.toContain('缴费期限')
    })

    it('says 红冲, and a cancelled one that it is', async () => {
      const red = await lines('1001', 1)
      expect(red).toContain('工业污水处理费红冲账单')
      expect(red).toContain('合计（大写）：负人民币壹万柒仟贰佰捌拾叁元整　　（小写）：¥-17,283.00')
      const cancelled = await lines('1001', 0)
      expect(cancelled).toContain('本账单已由账单 2026-000004 全额红冲，不再据以缴费。')
      expect(cancelled.join('\n')).not.toContain('缴费期限')
    })

    it('is the same file every time', async () => {
      expect((await print('1002', 0)).digest).toBe((await print('1002', 0)).digest)
    })
  })

  describe('the office’s own template', () => {
    const propose = (text: string, validFrom?: string, ground = '局务会2026年第4次会议') =>
      proposeTemplate(
        town.services,
        by('clerk'),
        { text, ground, validFrom: validFrom === undefined ? undefined : civilDate(validFrom) },
        kinds,
      )
    const approve = (proposalId: string, person = 'approver') =>
      approveTemplate(town.services, by(person), { proposalId }, kinds)

    it('is refused where it says less than it must, or says it from a day gone by', async () => {
      expect(await refusedWith(propose(own.replace('- {{legal_basis}}\n', '')))).toBe('template_faulty')
      expect(await refusedWith(propose(own, undefined, ' '))).toBe('template_needs_ground')
      expect(await refusedWith(propose(own, '2026-04-19'))).toBe('template_starts_too_early')
      expect(await templateVersions(town.services.db, 'bills.bill')).toEqual([])
    })

    it('takes two persons, one proposal at a time, and may be returned', async () => {
      const { proposalId } = await done(
        proposeTemplate(town.services, by('both'), { text: own, ground: '局务会' }, kinds),
      )
      expect(await refusedWith(propose(own))).toBe('template_waiting')
      expect(await refusedWith(approve(proposalId, 'both'))).toBe('proposal_own_work')
      await done(returnTemplate(town.services, by('approver'), { proposalId, reason: '标题不妥' }))
      expect((await templateInForce(town.services.db, billDocument, civilDate('2026-04-20'))).version).toBe(0)
    })

    it('says documents of its days and leaves those before as they were', async () => {
      const before = await print('1002', 0)
      const { proposalId } = await done(propose(own))
      expect(await done(approve(proposalId))).toEqual({ kind: 'bills.bill', version: 1, validFrom: '2026-04-20' })
      expect((await print('1002', 0)).digest).toBe(before.digest)
      expect((await print('1002', 1)).template.version).toBe(1)
      expect(await lines('1002', 1)).toContain('污水处理费缴费退补账单')
    })

    it('is followed by the next version, which ends it', async () => {
      const { proposalId } = await done(propose(own.replace('缴费方式', '缴纳方式'), '2026-05-01'))
      town.on('2026-05-06')
      // Approved late, it applies from the day of its approval: what went out meanwhile stays as it was.
      expect((await done(approve(proposalId))).validFrom).toBe('2026-05-06')
      const versions = await templateVersions(town.services.db, 'bills.bill')
      expect(versions.map(({ version, validity }) => [version, validity.from, validity.until])).toEqual([
        [2, '2026-05-06', null],
        [1, '2026-04-20', '2026-05-06'],
      ])
      expect((await templateInForce(town.services.db, billDocument, civilDate('2026-05-05'))).version).toBe(1)
      town.on('2026-05-05')
      expect(await refusedWith(propose(own))).toBe('template_starts_before_another')
      town.on('2026-05-06')
    })

    it('is never changed once approved', async () => {
      const { db } = town.services
      for (const change of [
        sql`update document_templates set template = 'x' where version = 2`,
        sql`update document_templates set valid_until = '2026-09-01' where version = 1`,
        sql`delete from document_templates`,
        sql`truncate document_templates`,
      ]) {
        expect(await change.execute(db).then(() => 'changed', sqlState)).toMatch(/^QL00[12]$/)
      }
    })
  })

  describe('a document that is issued', () => {
    const notice: DocumentKind = {
      name: 'test.notice',
      zh: '示例函',
      en: 'notice',
      fields: { basis: { kind: 'text', zh: '依据', en: 'basis', required: true, example: '' } },
      template: 'kind: test.notice\n# 示例函\n依据{{basis}}，函告如下。',
    }
    const issue = (number: string, basis: string, envelope: Envelope = by('clerk'), kind = notice) =>
      runCommand(
        town.services,
        envelope,
        { name: 'test.issue', zh: '出具示例函', permission: 'bills.open-run' },
        { number, basis },
        async (context) => {
          const order = { kind, number, datedOn: context.today, values: { basis } }
          const printed = await printDocument(context.trx, town.services.printer, order)
          if (isRefusal(printed)) return printed
          return keepDocument(context, { ...order, subject: '示例事项' }, printed)
        },
      )

    it('is kept with its values, its template and its very bytes', async () => {
      const { digest } = await done(issue('示例〔2026〕1号', '示例条例第一条'))
      const [kept] = await issuedDocuments(town.services.db, { number: '示例〔2026〕1号' })
      expect(kept).toMatchObject({
        kind: 'test.notice',
        subject: '示例事项',
        datedOn: '2026-05-06',
        fileDigest: digest,
      })
      const pieces: Buffer[] = []
      for await (const piece of readStoredFile(town.services.db, digest)) pieces.push(piece)
      const [page = []] = textOfPdf(Buffer.concat(pieces))
      expect(linesOfPage(page)).toContain('依据示例条例第一条，函告如下。')
    })

    it('is found by its number, and by its kind where several have it', async () => {
      const { db } = town.services
      expect(await findIssued(db, '示例〔2026〕1号')).toMatchObject({ kind: 'test.notice' })
      expect(await refusedWith(findIssued(db, '示例〔2026〕9号'))).toBe('document_missing')
      const other = { ...notice, name: 'test.other', template: notice.template.replace('test.notice', 'test.other') }
      await done(issue('示例〔2026〕1号', '示例条例第一条', by('clerk'), other))
      expect(await refusedWith(findIssued(db, '示例〔2026〕1号'))).toBe('document_number_shared')
      expect(await findIssued(db, '示例〔2026〕1号', 'test.other')).toMatchObject({ kind: 'test.other' })
    })

    it('leaves no trace of a trial, and has its number once', async () => {
      await done(issue('示例〔2026〕2号', '示例条例第二条', by('clerk', { dryRun: true })))
      expect(await issuedDocuments(town.services.db, { number: '示例〔2026〕2号' })).toEqual([])
      await expect(issue('示例〔2026〕1号', '示例条例第三条')).rejects.toThrow(/issued_documents_kind_number_key/)
      expect(await issuedDocuments(town.services.db, { kind: 'test.notice' })).toHaveLength(1)
    })

    it('never cites an article nobody has read, until an administrator confirms it', async () => {
      const basis = '《污水处理费征收使用管理办法》（财税〔2014〕151号）第四条、第十条'
      const refused = await issue('示例〔2026〕3号', basis)
      expect(isRefusal(refused) && refused.sentence('zh')).toContain('财税〔2014〕151号第4条')
      expect(await refusedWith(Promise.resolve(refused))).toBe('document_article_unconfirmed')
      const change = { name: 'documents.confirmed_articles', value: '151:4', citation: '对照财政部公报原文' }
      expect(await refusedWith(setSetting(town.services, by('admin'), { ...change, value: '第四条' }))).toBe(
        'setting_value_invalid',
      )
      await done(setSetting(town.services, by('admin'), change))
      await done(issue('示例〔2026〕3号', basis))
    })

    it('is not made where no printer is', async () => {
      const order = { kind: notice, number: '1', datedOn: civilDate('2026-05-06'), values: { basis: '示例' } }
      expect(await refusedWith(printDocument(town.services.db, undefined, order))).toBe('document_printing_elsewhere')
    })

    it('never changes', async () => {
      for (const change of [sql`update issued_documents set number = 'x'`, sql`delete from issued_documents`]) {
        expect(await change.execute(town.services.db).then(() => 'changed', sqlState)).toBe('QL001')
      }
    })
  })
})
