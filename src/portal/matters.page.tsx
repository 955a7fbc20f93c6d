import { paperNumber } from '../enforcement/enforcement.routes.ts'
import { type OrderStanding, orderStandingNames } from '../enforcement/enforcement.ts'
import { orderDocument } from '../enforcement/order.document.ts'
import { unpaidOfBill } from '../enforcement/order.rules.ts'
import {
  type PaperServed,
  type PartyFile,
  papersServed,
  partyFile,
  partyFiles,
} from '../enforcement/party-files.queries.ts'
import { decisionDocument, demandDocument, noticeDocument } from '../enforcement/penalty.documents.ts'
import { lastStep } from '../enforcement/step-log.ts'
import { particularsInWords } from '../enforcement/step-words.ts'
import { stepKinds } from '../enforcement/steps.ts'
import { addMoney, moneyForPeople, moneyText } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { readStoredFile } from '../platform/files.ts'
import { text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { fileAnswer } from '../platform/pages/file-answer.ts'
import { type PageAsked, type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Amount,
  Empty,
  Facts,
  Notice,
  PlainTable,
  Section,
  State,
  Timeline,
  type Tone,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { ownDischargers, portalDb } from './own.ts'
import { Term } from './parts.tsx'
import { refusePortal } from './portal.refusals.ts'
import { pathOf, rightsIn } from './rights.ts'

const title = { zh: '通知与处罚', en: 'orders and fines' }
const crumb = (say: Say) => ({ text: say(title), href: '/portal/matters' })

const paperNames: Readonly<Record<string, Said>> = Object.fromEntries(
  [orderDocument, noticeDocument, decisionDocument, demandDocument].map(({ name, zh, en }) => [name, { zh, en }]),
)

const standingTones: Record<OrderStanding, Tone> = {
  issued: 'waiting',
  running: 'waiting',
  paid: 'settled',
  lapsed: 'overdue',
  paid_late: 'plain',
  withdrawn: 'plain',
  annulled: 'plain',
}

function FileState({ file, say }: { readonly file: PartyFile; readonly say: Say }) {
  if (file.log === 'order') {
    const { standing } = file.state
    return <State tone={standingTones[standing]}>{say(orderStandingNames[standing])}</State>
  }
  const last = file.steps.at(-1)
  const isOver = file.steps.some(({ name }) => name === 'closed' || name === 'no_penalty' || name === 'annulled')
  return (
    <State tone={isOver ? 'plain' : 'waiting'}>
      {last === undefined ? say('办理中', 'at work') : say(stepKinds[last.name])}
    </State>
  )
}

const nameOf = (file: PartyFile, say: Say): string =>
  file.log === 'order'
    ? say(`责令限期缴纳通知书 ${file.number}`, `order to pay ${file.number}`)
    : say(`行政处罚案件 ${file.number}`, `fine case ${file.number}`)

const mattersPage = page('/portal/matters', {
  title,
  permits: 'enforcement.read',
  show: async (asked) => {
    const { say, services } = asked
    const today = services.clock.today()
    const files = await partyFiles(portalDb(asked), ownDischargers(asked), today)
    const rights = files.flatMap((file) => rightsIn(file, today, say).map((right) => ({ file, right })))
    return {
      title: say(title),
      body: (
        <>
          {files.length === 0 ? (
            <Empty>
              {say(
                '没有通知，也没有处罚。逾期不缴时，机关先发责令限期缴纳通知书，送达后在这里显示期限和您的权利。',
                'No order and no fine. Where a bill stays unpaid, an order to pay comes first; once served it stands here with its term and your rights.',
              )}
            </Empty>
          ) : null}
          {rights.map(({ file, right }) => (
            <Term right={right} say={say} of={<a href={pathOf(file)}>{nameOf(file, say)}</a>} />
          ))}
          {files.length === 0 ? null : (
            <PlainTable
              caption={say('全部通知与案件', 'all orders and cases')}
              columns={[
                { title: say('文书', 'paper') },
                { title: say('状态', 'state') },
                { title: say('未缴（元）', 'to pay (yuan)'), number: true },
              ]}
              rows={files.map((file) => [
                <a href={pathOf(file)}>{nameOf(file, say)}</a>,
                <FileState file={file} say={say} />,
                <Amount of={moneyText(file.balance?.outstanding ?? file.state.unpaid)} />,
              ])}
            />
          )}
        </>
      ),
    }
  },
})

/** A file of one's own, served; whatever else is answered like a number that does not exist. */
export async function ownFile(
  asked: PageAsked<{ number: typeof paperNumber }>,
  log: PartyFile['log'],
): Promise<PartyFile | Refusal> {
  const { number } = asked.params
  const file = await partyFile(portalDb(asked), ownDischargers(asked), log, number, asked.services.clock.today())
  return file ?? refusePortal('portal_matter_unknown', { number })
}

const filePage = (log: PartyFile['log']): PageRoute =>
  page(`/portal/${log === 'order' ? 'orders' : 'cases'}/{number}`, {
    title:
      log === 'order' ? { zh: '责令限期缴纳通知书', en: 'an order to pay' } : { zh: '行政处罚案件', en: 'a fine case' },
    permits: 'enforcement.read',
    params: { number: paperNumber },
    show: async (asked) => {
      const { say, services } = asked
      const today = services.clock.today()
      const file = await ownFile(asked, log)
      if (isRefusal(file)) return file
      const rights = rightsIn(file, today, say)
      const { order } = file.matter
      return {
        title: nameOf(file, say),
        crumbs: [crumb(say)],
        state: <FileState file={file} say={say} />,
        figures: figuresOf(file, say),
        body: (
          <>
            {file.log === 'order' && file.state.standing === 'lapsed' ? <Lapsed state={file.state} say={say} /> : null}
            {rights.length === 0 ? (
              <Notice>{say('目前没有需要您办理的期限。', 'No term is running for you now.')}</Notice>
            ) : (
              rights.map((right) => <Term right={right} say={say} />)
            )}
            {file.log === 'case' ? <Told file={file} say={say} /> : null}
            <Papers of={await papersServed(portalDb(asked), file, today)} file={file} say={say} />
            <PlainTable
              caption={say('所涉账单', 'the bills it is about')}
              columns={[
                { title: say('账单', 'bill') },
                { title: say('通知载明（元）', 'named (yuan)'), number: true },
                { title: say('未缴（元）', 'to pay (yuan)'), number: true },
              ]}
              rows={order.bills.map((bill) => [
                <>
                  <a href={`/portal/bills/${bill.number}`}>
                    <code>{bill.number}</code>
                  </a>
                  <div class="quiet">{bill.feeMonth}</div>
                </>,
                <Amount of={moneyText(bill.named)} />,
                <Amount of={moneyText(unpaidOfBill(bill, today))} />,
              ])}
              totals={[
                say('合计', 'total'),
                <Amount of={moneyText(addMoney(order.bills.map(({ named }) => named)))} />,
                <Amount of={moneyText(file.state.unpaid)} />,
              ]}
            />
            <Elsewhere file={file} say={say} />
          </>
        ),
        aside: (
          <Timeline
            say={say}
            of={file.steps.toReversed().map((step) => ({
              on: step.on,
              what: say(stepKinds[step.name]),
              more: particularsInWords(step.name, step.particulars, say.language).map((said) => <div>{said}</div>),
            }))}
          />
        ),
      }
    },
  })

function figuresOf(file: PartyFile, say: Say) {
  if (file.log === 'order') {
    return [
      { label: say('未缴（元）', 'to pay (yuan)'), value: <Amount of={moneyText(file.state.unpaid)} /> },
      { label: say('期限届满日', 'term ends on'), value: file.state.termEndsOn ?? '—' },
    ]
  }
  const notice = lastStep(file.matter.steps, 'notice_issued')?.particulars
  const decided = lastStep(file.matter.steps, 'decision_served')
  return [
    decided === undefined
      ? { label: say('拟处罚款（元）', 'intended fine (yuan)'), value: <Amount of={notice?.fineAmount} /> }
      : {
          label: say('罚款（元）', 'fine (yuan)'),
          value: <Amount of={file.balance && moneyText(file.balance.fine)} />,
        },
    ...(decided === undefined
      ? []
      : [
          {
            label: say('未缴（元）', 'to pay (yuan)'),
            value: <Amount of={file.balance && moneyText(file.balance.outstanding)} />,
          },
        ]),
  ]
}

/** The term is over, the debt is not. */
function Lapsed({ state, say }: { readonly state: PartyFile['state']; readonly say: Say }) {
  const [until, owed] = [state.termEndsOn ?? '—', moneyForPeople(state.unpaid)]
  return (
    <Notice tone="overdue">
      {say(
        `责令的期限 ${until} 已过，仍欠 ${owed} 元，请尽快缴清。`,
        `The term of the order ended on ${until}; ${owed} yuan are still owed. Pay soon.`,
      )}{' '}
      <a href="/portal#pay">{say('怎么缴', 'how to pay')}</a>
    </Notice>
  )
}

/** What a served notice or decision says: the facts, the reasons, the amount. */
function Told({ file, say }: { readonly file: PartyFile; readonly say: Say }) {
  const { steps } = file.matter
  const notice = lastStep(steps, 'notice_served') === undefined ? undefined : lastStep(steps, 'notice_issued')
  const decision = lastStep(steps, 'decision_served') === undefined ? undefined : lastStep(steps, 'decided')
  return (
    <>
      {[notice, decision].map((step) =>
        step === undefined ? null : (
          <Section title={say(stepKinds[step.name])}>
            <Facts
              of={particularsInWords(step.name, step.particulars, say.language).map((said) => {
                const [label = '', ...rest] = said.split(say('：', ': '))
                return [label, rest.join(say('：', ': '))] as const
              })}
            />
          </Section>
        ),
      )}
    </>
  )
}

/** The papers that were served, in the very file that was kept when each was issued. */
function Papers({
  of,
  file,
  say,
}: {
  readonly of: readonly PaperServed[]
  readonly file: PartyFile
  readonly say: Say
}) {
  if (of.length === 0) return null
  return (
    <Section title={say('送达的文书', 'papers served on you')}>
      <ul>
        {of.map(({ number, kind, servedOn }) => (
          <li>
            <a href={`${pathOf(file)}/papers/${encodeURIComponent(number)}`}>
              {say(paperNames[kind] ?? { zh: '文书', en: 'paper' })} {number}
            </a>{' '}
            <span class="quiet">{say(`PDF，${servedOn} 送达`, `PDF, served on ${servedOn}`)}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

const paperPage = (log: PartyFile['log']): PageRoute =>
  page(`/portal/${log === 'order' ? 'orders' : 'cases'}/{number}/papers/{paper}`, {
    title: { zh: '送达的文书', en: 'a paper that was served' },
    permits: 'enforcement.read',
    params: { number: paperNumber, paper: text(100) },
    show: async (asked) => {
      const file = await ownFile(asked, log)
      if (isRefusal(file)) return file
      const { paper } = asked.params
      const served = await papersServed(portalDb(asked), file, asked.services.clock.today())
      const found = served.find(({ number }) => number === paper)
      if (found === undefined) return refusePortal('portal_matter_unknown', { number: paper })
      const pieces: Uint8Array[] = []
      for await (const piece of readStoredFile(portalDb(asked), found.fileDigest)) pieces.push(piece)
      return fileAnswer(`${paper}.pdf`, 'application/pdf', Buffer.concat(pieces))
    },
  })

/** What only others receive: rights are not lost because this site has no form for them. */
function Elsewhere({ file, say }: { readonly file: PartyFile; readonly say: Say }) {
  return (
    <Section title={say('本网站不受理的事项', 'what is not received here')}>
      <ul>
        <li>
          {say(
            '行政复议向复议机关申请，行政诉讼向人民法院提起；不因在这里陈述、申辩而延期。',
            'A review is asked for at the review body, a suit is brought at the court; no term waits because you state your defence here.',
          )}
        </li>
        {file.log === 'case' ? (
          <li>
            {say(
              '放弃陈述、申辩、听证，暂缓或者分期缴纳罚款的申请，请书面交给办案机关。',
              'A waiver of defence or hearing, and a request to defer the fine or pay it by instalments, go to the authority on paper.',
            )}
          </li>
        ) : (
          <li>
            {say(
              '对欠费数额有异议的，请从所涉账单提出异议；通知书的期限不因异议停止。',
              'Where you dispute the amount, object from the bill it is about; the term of the order goes on.',
            )}
          </li>
        )}
      </ul>
    </Section>
  )
}

export const matterPages: readonly PageRoute[] = [
  mattersPage,
  filePage('order'),
  filePage('case'),
  paperPage('order'),
  paperPage('case'),
]
