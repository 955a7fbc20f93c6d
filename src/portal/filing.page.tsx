import { createHash } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import { billNumber as billNumberField } from '../bills/bill.routes.ts'
import { filingKindNames, filingsOf, findAttachment } from '../dischargers/filing.ts'
import { paperNumber } from '../enforcement/enforcement.routes.ts'
import type { PartyFile } from '../enforcement/party-files.queries.ts'
import { recordStep, type TakenStep } from '../enforcement/take-step.ts'
import { moneyText } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { receiveObjection } from '../payments/objections.ts'
import { instantForPeople } from '../platform/cli-text.ts'
import { readStoredFile } from '../platform/files.ts'
import { id, line } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { fileAnswer } from '../platform/pages/file-answer.ts'
import { formPage } from '../platform/pages/forms.tsx'
import { type PageAsked, type PageRoute, page } from '../platform/pages/page-route.ts'
import { Amount, Empty, Facts, Instant, Notice, Section } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import type { Evidence } from '../platform/scanned-paper.ts'
import { readSettings } from '../platform/settings.ts'
import { ownBill } from './bills.page.tsx'
import { ownFile } from './matters.page.tsx'
import { ownDischargers, portalDb } from './own.ts'
import { Term } from './parts.tsx'
import { refusePortal } from './portal.refusals.ts'
import { pathOf, rightsIn } from './rights.ts'

const filesMost = 10
const fileMostBytes = 20 * 1024 * 1024

const attachmentsField = {
  label: { zh: '附件', en: 'attachments' },
  help: {
    zh: '照片、扫描件、PDF 等，最多 10 个，每个不超过 20 MB。可以不附。',
    en: 'Photos, scans, PDFs: at most 10, each up to 20 MB. None is needed.',
  },
  kind: 'files',
  optional: true,
} as const
const statementField = (label: Said, help: Said) =>
  ({
    label,
    help,
    kind: 'long',
    schema: z
      .string()
      .min(5, '请写明事实和理由 · say the facts and the reasons')
      .max(8_000, '最多 8000 字 · at most 8000 letters'),
  }) as const
const nameField = {
  label: { zh: '联系人和电话', en: 'who to answer, and a telephone' },
  help: { zh: '答复和通知用。', en: 'For the answer and notices.' },
  schema: line(100),
  autocomplete: 'name',
} as const

/** The files of a form as papers of a command. Refuses too many, and one that is too large. */
async function papersOf(files: readonly File[]): Promise<readonly Evidence[] | Refusal> {
  if (files.length > filesMost) return refusePortal('portal_too_many_files', { count: files.length, most: filesMost })
  const papers: Evidence[] = []
  for (const file of files) {
    if (file.size > fileMostBytes) return refusePortal('portal_file_too_large', { file: file.name, most: '20 MB' })
    papers.push(paperOf(file.name, new Uint8Array(await file.arrayBuffer())))
  }
  return papers
}

const paperOf = (name: string, bytes: Uint8Array): Evidence => ({
  name,
  digest: createHash('sha256').update(bytes).digest('hex'),
  bytes,
})

const receivedWords = (asked: PageAsked, what: string, files: number, more: string): string => {
  const at = instantForPeople(asked.services.clock.now()).slice(0, 16)
  return asked.say(
    `已于 ${at} 收到您的${what}${files === 0 ? '' : `，附件 ${files} 个`}。${more}`,
    `Your ${what} came in at ${at}${files === 0 ? '' : ` with ${files} attachments`}. ${more}`,
  )
}

const objectionPage = formPage('/portal/bills/{bill}/objection', {
  title: { zh: '对账单提出异议', en: 'object to a bill' },
  permits: 'objections.receive',
  params: { bill: billNumberField },
  crumbs: ({ params, say }) => [
    { text: say('账单', 'bills'), href: '/portal/bills' },
    { text: params.bill, href: `/portal/bills/${params.bill}` },
  ],
  about: async (asked) => {
    const { say } = asked
    const bill = await ownBill(asked)
    if (isRefusal(bill)) return bill
    const days = (await readSettings(portalDb(asked)))['objections.answer_days']
    return (
      <>
        <Facts
          of={[
            [say('账单', 'bill'), <code>{bill.number}</code>],
            [say('月份', 'month'), bill.feeMonth],
            [say('金额（元）', 'amount (yuan)'), <Amount of={moneyText(bill.totalAmount)} />],
            [say('到期', 'due'), bill.dueOn],
          ]}
        />
        <Notice tone="waiting">
          {say(
            `提出异议不改变到期日：请先按期缴款，更正后多缴的退还或抵扣。机关在收到后 ${days} 个工作日内答复。`,
            `An objection does not move the due date: pay in time; what turns out too much is returned or credited. It is answered within ${days} working days.`,
          )}
        </Notice>
      </>
    )
  },
  fields: {
    grounds: statementField(
      { zh: '异议的内容和理由', en: 'what you object to, and why' },
      {
        zh: '例如：表计故障、水量与抄表不符、类别不对、重复开账。',
        en: 'Such as: a faulty meter, a wrong volume or category, billed twice.',
      },
    ),
    from: nameField,
    attachments: attachmentsField,
  },
  submit: { zh: '提交异议', en: 'file the objection' },
  run: async (asked, values, { envelope }) => {
    const papers = await papersOf(values.attachments)
    if (isRefusal(papers)) return papers
    const evidence = papers.map(({ name }) => name).join('、')
    return receiveObjection(asked.services, envelope, {
      bill: asked.params.bill,
      from: `${asked.visitor.name}（${values.from}）`,
      grounds: values.grounds,
      evidence: evidence === '' ? '' : asked.say(`附件：${evidence}`, `attached: ${evidence}`),
      attachments: papers,
    })
  },
  preview: 'none',
  done: (answer, asked, values) => ({
    to: `/portal/bills/${answer.bill}`,
    said: receivedWords(
      asked as unknown as PageAsked,
      asked.say('异议', 'objection'),
      values.attachments.length,
      asked.say(
        `编号 ${answer.objectionId}，${answer.answerDueOn} 前答复。`,
        `Number ${answer.objectionId}, answered by ${answer.answerDueOn}.`,
      ),
    ),
  }),
})

/** What the party reads before it files: which matter, and which term. */
async function aboutFile(
  asked: PageAsked<{ number: typeof paperNumber }>,
  log: PartyFile['log'],
  right: readonly string[],
) {
  const file = await ownFile(asked, log)
  if (isRefusal(file)) return file
  const { say, services } = asked
  const terms = rightsIn(file, services.clock.today(), say).filter(({ key }) => right.includes(key))
  return (
    <>
      {terms.map((term) => (
        <Term right={{ ...term, form: undefined }} say={say} />
      ))}
      <Notice>
        {say(
          '提交即为送交机关，以收到的时间为准；内容不能撤改，可以再补充提交。',
          'Filing it hands it to the authority; the time it comes in counts. It cannot be taken back, but more can be filed.',
        )}
      </Notice>
    </>
  )
}

const crumbsOf =
  (log: PartyFile['log']) =>
  ({ params, say }: { readonly params: { readonly number: string }; readonly say: Say }) => [
    { text: say('通知与处罚', 'orders and fines'), href: '/portal/matters' },
    { text: params.number, href: pathOf({ log, number: params.number }) },
  ]

const defencePage = (log: PartyFile['log']): PageRoute =>
  formPage(`/portal/${log === 'order' ? 'orders' : 'cases'}/{number}/defence`, {
    title: { zh: '陈述、申辩', en: 'state your defence' },
    permits: 'enforcement.step.defence_received',
    params: { number: paperNumber },
    crumbs: crumbsOf(log),
    about: (asked) => aboutFile(asked, log, ['hear_party', 'perform']),
    fields: {
      statement: statementField(
        { zh: '陈述、申辩的内容', en: 'what you have to say' },
        {
          zh: '写明事实、理由和要求。机关必须复核，不得因申辩加重处罚（行政处罚法第四十五条）。',
          en: 'The facts, the reasons, what you ask for. It must be looked into and never makes the fine higher (Administrative Penalty Law art. 45).',
        },
      ),
      from: nameField,
      attachments: attachmentsField,
    },
    submit: { zh: '提交陈述、申辩', en: 'file the defence' },
    run: async (asked, values, { envelope }) => {
      const papers = await papersOf(values.attachments)
      if (isRefusal(papers)) return papers
      const written = `${values.statement}\n\n${values.from}\n${papers.map(({ name }) => name).join('\n')}\n`
      return recordStep(asked.services, envelope, {
        log,
        number: asked.params.number,
        step: 'defence_received',
        fields: { statement: values.statement },
        evidence: paperOf(`陈述申辩 ${asked.params.number}.txt`, new TextEncoder().encode(written)),
        attachments: papers,
      })
    },
    preview: 'none',
    done: (answer: TakenStep, asked, values) => ({
      to: pathOf({ log, number: answer.number }),
      said: receivedWords(
        asked as unknown as PageAsked,
        asked.say('陈述、申辩', 'defence'),
        values.attachments.length,
        '',
      ),
    }),
  })

const hearingPage = formPage('/portal/cases/{number}/hearing', {
  title: { zh: '申请听证', en: 'ask for a hearing' },
  permits: 'enforcement.step.hearing_requested',
  params: { number: paperNumber },
  crumbs: crumbsOf('case'),
  about: (asked) => aboutFile(asked, 'case', ['ask_hearing']),
  fields: {
    statement: statementField(
      { zh: '申请的理由', en: 'why you ask for it' },
      {
        zh: '可以简要写明要在听证中说明的问题。听证不收费（行政处罚法第六十三条）。',
        en: 'Briefly, what you want heard. A hearing costs nothing (Administrative Penalty Law art. 63).',
      },
    ),
    from: nameField,
    attachments: attachmentsField,
  },
  submit: { zh: '提交听证申请', en: 'file the request' },
  run: async (asked, values, { envelope }) => {
    const papers = await papersOf(values.attachments)
    if (isRefusal(papers)) return papers
    const written = `${values.statement}\n\n${values.from}\n${papers.map(({ name }) => name).join('\n')}\n`
    return recordStep(asked.services, envelope, {
      log: 'case',
      number: asked.params.number,
      step: 'hearing_requested',
      fields: {},
      statement: values.statement,
      evidence: paperOf(`听证申请 ${asked.params.number}.txt`, new TextEncoder().encode(written)),
      attachments: papers,
    })
  },
  preview: 'none',
  done: (answer, asked, values) => ({
    to: pathOf({ log: 'case', number: answer.number }),
    said: receivedWords(
      asked as unknown as PageAsked,
      asked.say('听证申请', 'request for a hearing'),
      values.attachments.length,
      asked.say(
        '机关会在听证七个工作日前通知您时间、地点。',
        'You are told the time and place seven working days before it.',
      ),
    ),
  }),
})

const filingsPage = page('/portal/filings', {
  title: { zh: '我提交的材料', en: 'what I filed' },
  permits: 'objections.read',
  show: async (asked) => {
    const { say } = asked
    const filings = await filingsOf(portalDb(asked), ownDischargers(asked), 200)
    return {
      title: say('我提交的材料', 'what I filed'),
      body:
        filings.length === 0 ? (
          <Empty>
            {say(
              '还没有提交过材料。对账单的异议从账单提出；陈述、申辩和听证申请从“通知与处罚”提出。',
              'Nothing filed yet. Object from a bill; file a defence or ask for a hearing from “orders and fines”.',
            )}
          </Empty>
        ) : (
          filings.map((filing) => (
            <Section title={`${say(filingKindNames[filing.kind])} ${filing.subject}`}>
              <Facts
                of={[
                  [say('收到', 'received'), <Instant of={filing.receivedAt} />],
                  [say('提交人', 'filed by'), filing.filedAs],
                  [say('内容', 'what was said'), filing.statement],
                  [
                    say('附件', 'attachments'),
                    filing.attachments.length === 0
                      ? '—'
                      : filing.attachments.map(({ seq, name }) => (
                          <div>
                            <a href={`/portal/filings/${filing.filingId}/${seq}`}>{name}</a>
                          </div>
                        )),
                  ],
                ]}
              />
            </Section>
          ))
        ),
    }
  },
})

const attachmentPage = page('/portal/filings/{filing}/{seq}', {
  title: { zh: '附件', en: 'an attachment' },
  permits: 'objections.read',
  params: { filing: id(), seq: z.string().regex(/^[1-9]\d?$/) },
  show: async (asked) => {
    const { params } = asked
    const mine = await filingsOf(portalDb(asked), ownDischargers(asked), 1_000)
    const found = mine.some(({ filingId }) => filingId === params.filing)
      ? await findAttachment(portalDb(asked), params.filing, Number(params.seq))
      : undefined
    if (found === undefined)
      return refusePortal('portal_attachment_unknown', { number: `${params.filing}/${params.seq}` })
    const pieces: Uint8Array[] = []
    for await (const piece of readStoredFile(portalDb(asked), found.digest)) pieces.push(piece)
    return fileAnswer(found.name, 'application/octet-stream', Buffer.concat(pieces))
  },
})

export const filingPages: readonly PageRoute[] = [
  objectionPage,
  defencePage('order'),
  defencePage('case'),
  hearingPage,
  filingsPage,
  attachmentPage,
]
