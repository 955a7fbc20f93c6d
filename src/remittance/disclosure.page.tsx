import { z } from '@hono/zod-openapi'
import { isRefusal } from '../kernel/refusal.ts'
import { text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { fileAnswer } from '../platform/pages/file-answer.ts'
import { formPage } from '../platform/pages/forms.tsx'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Amount,
  ButtonLink,
  Code,
  Facts,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
  State,
  VolumeM3,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { proposalPages, waitingProposals } from '../platform/proposal-pages.tsx'
import { refuseClosing } from './closing.refusals.ts'
import {
  disclosureProposalKind,
  findRelease,
  listReleases,
  type Release,
  type ReleaseContent,
} from './disclosure.queries.ts'
import { collectorNamed, type Disclosure, disclosureOf, type UsesOfFee } from './disclosure.ts'
import type { Stated } from './disclosure-words.ts'
import { decideRelease, proposeRelease } from './release-disclosure.ts'
import { yuan } from './remittance-parts.tsx'
import { disclosureWorkbook } from './write-disclosure.ts'

const yearField = z.string().regex(/^(19|20|21)\d\d$/, '年度，如 2025 · a year such as 2025')
const releaseField = z.string().regex(/^[1-9]\d{0,3}$/, '第几版，如 1 · a release such as 1')
const draftAddress = '/office/remittance/disclosure'
const titleOf = (year: number): Said => ({
  zh: `${year} 年污水处理费征收使用情况`,
  en: `collection and use of the wastewater fee in ${year}`,
})

const figuresOf = ({ totals, used }: Disclosure, say: Say) => [
  { label: say('开账（元）', 'billed (yuan)'), value: <Amount of={totals.billed} /> },
  { label: say('已收（元）', 'collected (yuan)'), value: <Amount of={totals.collected} /> },
  { label: say('入国库（元）', 'to the treasury (yuan)'), value: <Amount of={totals.toTreasury} /> },
  { label: say('使用（元）', 'used (yuan)'), value: <Amount of={used} /> },
]

/** All that is made public of a year. */
function Published({ of, say }: { readonly of: Disclosure; readonly say: Say }) {
  const { year, asOf, totals } = of
  return (
    <>
      {of.leftOut === null ? null : <Notice tone="waiting">{say(of.leftOut)}</Notice>}
      <PlainTable
        caption={say(`征收（${year} 年各用水月份，截至 ${asOf}）`, `collection (fee months of ${year}, as of ${asOf})`)}
        columns={[
          { title: say('类别', 'category') },
          { title: say('水量（m³）', 'volume (m³)'), number: true },
          { title: say('开账（元）', 'billed (yuan)'), number: true },
          { title: say('已收（元）', 'collected (yuan)'), number: true },
          { title: say('未收（元）', 'uncollected (yuan)'), number: true },
        ]}
        rows={of.collection.map((each) => [
          say(each.category),
          <VolumeM3 of={each.volumeM3} />,
          <Amount of={each.billed} />,
          <Amount of={each.collected} />,
          <Amount of={each.uncollected} />,
        ])}
        totals={[
          say('合计', 'total'),
          <VolumeM3 of={totals.volumeM3} />,
          <Amount of={totals.billed} />,
          <Amount of={totals.collected} />,
          <Amount of={totals.uncollected} />,
        ]}
      />
      <p class="quiet">
        {say(
          `未收中经确认无法收回的 ${yuan(totals.writtenOff)} 元。`,
          `Of what is uncollected, ${yuan(totals.writtenOff)} yuan are confirmed as uncollectable.`,
        )}
      </p>
      <PlainTable
        caption={say(
          `代征单位与入库（${year} 年内发生，不论费款所属月份）`,
          `collectors and the treasury (what happened in ${year}, for whichever month)`,
        )}
        columns={[
          { title: say('代征单位', 'collector') },
          { title: say('代收（元）', 'collected (yuan)'), number: true },
          { title: say('划缴（元）', 'remitted (yuan)'), number: true },
          { title: say('国库确认（元）', 'confirmed by the treasury (yuan)'), number: true },
        ]}
        rows={[
          ...of.collectors.map((each) => [
            say(collectorNamed(each)),
            <Amount of={each.collected} />,
            <Amount of={each.remitted} />,
            <Amount of={each.confirmed} />,
          ]),
          ...(totals.direct === null
            ? []
            : [[say('直缴国库', 'paid straight to the treasury'), '', '', <Amount of={totals.direct} />]]),
        ]}
        totals={[say('入国库合计', 'to the treasury in all'), '', '', <Amount of={totals.toTreasury} />]}
      />
      <PlainTable
        caption={say(`使用（${year} 年内支付）`, `use (paid in ${year})`)}
        columns={[{ title: say('用途', 'item') }, { title: say('金额（元）', 'amount (yuan)'), number: true }]}
        rows={of.use.map((each) => [say(each.item), <Amount of={each.amount} />])}
        totals={[say('合计', 'total'), <Amount of={of.used} />]}
      />
      <PlainTable
        caption={say(`收费标准（${year} 年执行）`, `rates (in force in ${year})`)}
        columns={[
          { title: say('类别', 'category') },
          { title: say('单价', 'price') },
          { title: say('批准文号', 'approval') },
          { title: say('发文机关', 'issued by') },
          { title: say('执行期间', 'in force') },
        ]}
        rows={of.rates.map((each) => [
          say(each.category),
          say(each.price),
          each.approvalDocument,
          each.issuer,
          each.until === null
            ? say(`自 ${each.from} 起`, `from ${each.from} on`)
            : say(`自 ${each.from} 起，至 ${each.until} 前`, `from ${each.from}, until before ${each.until}`),
        ])}
      />
      <Sentences title={say('缴纳程序与异议', 'how to pay and to object')} of={of.procedure} say={say} />
      <Sentences title={say('不缴纳的责任', 'when the fee is not paid')} of={of.liability} say={say} />
      <p class="quiet">
        {say('公开依据：', 'made public under: ')}
        {of.basis.map((each) => say(each)).join(say('、', '; '))}
        {say('。', '.')} {of.authority}
      </p>
    </>
  )
}

function Sentences({ title, of, say }: { readonly title: string; readonly of: readonly Stated[]; readonly say: Say }) {
  return (
    <Section title={title}>
      <ol>
        {of.map((each) => (
          <li>
            {say(each)} <span class="quiet">{say(`（${each.clause.zh}）`, `(${each.clause.en})`)}</span>
          </li>
        ))}
      </ol>
    </Section>
  )
}

function ReleasesTable({
  of,
  href,
  say,
}: {
  readonly of: readonly Release[]
  readonly href: (release: Release) => string
  readonly say: Say
}) {
  return (
    <PlainTable
      caption={say('已公开', 'what is public')}
      columns={[
        { title: say('年度', 'year') },
        { title: say('版次', 'release') },
        { title: say('状态', 'state') },
        { title: say('公开日期', 'released on') },
        { title: say('入国库（元）', 'to the treasury (yuan)'), number: true },
        { title: say('使用（元）', 'used (yuan)'), number: true },
      ]}
      rows={of.map((each) => [
        <a href={href(each)}>{String(each.year)}</a>,
        say(`第 ${each.release} 版`, `release ${each.release}`),
        <Standing of={each} say={say} />,
        each.releasedOn,
        <Amount of={each.content.totals.toTreasury} />,
        <Amount of={each.content.used} />,
      ])}
    />
  )
}

const Standing = ({ of, say }: { readonly of: Release; readonly say: Say }) =>
  of.stands ? (
    <State tone="settled">{say('现行', 'stands')}</State>
  ) : (
    <State tone="plain">{say('已被更正', 'superseded')}</State>
  )

// The office

const draftPage = (usesOfFee: readonly UsesOfFee[]) =>
  page(draftAddress, {
    title: { zh: '征收使用情况公开', en: 'collection and use, to be made public' },
    permits: 'settlements.read',
    query: { year: yearField.optional() },
    show: async ({ services, visitor, query, say, may }) => {
      const today = services.clock.today()
      const year = Number(query.year ?? Number(today.slice(0, 4)) - 1)
      const found = await disclosureOf(services.db, year, today, usesOfFee)
      const released = await listReleases(services.db)
      const [waiting] = await waitingProposals({ services, visitor }, disclosureProposalKind, String(year))
      return {
        title: say(titleOf(year)),
        state: <State tone="plain">{say('草稿，未公开', 'a draft, not public')}</State>,
        next:
          waiting !== undefined ? (
            <PrimaryLink href={`/office/remittance/disclosure-proposals/${waiting.id}`}>
              {say('查看待审批的公开稿', 'look at what waits for its decision')}
            </PrimaryLink>
          ) : may('remittance.propose-disclosure') ? (
            <PrimaryLink href={`${draftAddress}/release?year=${year}`}>
              {say(`提出公开 ${year} 年`, `propose to make ${year} public`)}
            </PrimaryLink>
          ) : null,
        figures: figuresOf(found, say),
        body: (
          <>
            <form class="filters" method="get" action={draftAddress}>
              <div>
                <label for="year">{say('年度', 'year')}</label>
                <input id="year" name="year" value={String(year)} size={6} inputmode="numeric" autocomplete="off" />
              </div>
              <button type="submit">{say('查看', 'show')}</button>
            </form>
            {released.length === 0 ? (
              <Notice>
                {say(
                  '还没有公开过任何年度。经两人办理后，公众无须登录即可在 /disclosure 查看。',
                  'No year is public yet. Once two persons have released one, anybody sees it at /disclosure without signing in.',
                )}
              </Notice>
            ) : (
              <ReleasesTable of={released} href={releaseAddress} say={say} />
            )}
            <Published of={found} say={say} />
          </>
        ),
      }
    },
  })

const proposePage = (usesOfFee: readonly UsesOfFee[]) =>
  formPage(`${draftAddress}/release`, {
    title: { zh: '提出公开征收使用情况', en: 'propose to make a year public' },
    permits: 'remittance.propose-disclosure',
    query: { year: yearField.optional() },
    crumbs: ({ say }) => [{ text: say('信息公开', 'disclosure'), href: draftAddress }],
    initial: ({ query }) => ({ year: query.year ?? '' }),
    fields: {
      year: { label: { zh: '年度', en: 'year' }, kind: 'number', schema: yearField },
      reason: {
        label: { zh: '更正原因', en: 'why it is corrected' },
        help: {
          zh: '首次公开不填；再次公开是更正，必填，并向公众显示。',
          en: 'Left empty the first time; a further release is a correction, and the public reads why.',
        },
        kind: 'long',
        optional: true,
        schema: text(500),
      },
    },
    run: ({ services }, { year, reason }, { envelope }) =>
      proposeRelease(services, envelope, { year: Number(year), reason }, usesOfFee),
    preview: (found, { say }) => ({
      changes: [
        { what: say('版次', 'release'), before: '—', after: String(found.release) },
        { what: say('开账（元）', 'billed (yuan)'), before: '—', after: <Amount of={found.billed} /> },
        { what: say('已收（元）', 'collected (yuan)'), before: '—', after: <Amount of={found.collected} /> },
        { what: say('入国库（元）', 'to the treasury (yuan)'), before: '—', after: <Amount of={found.toTreasury} /> },
        { what: say('使用（元）', 'used (yuan)'), before: '—', after: <Amount of={found.used} /> },
      ],
      button: say(`提交 ${found.year} 年公开稿`, `propose ${found.year}`),
    }),
    done: ({ proposalId }, { say }) => ({
      to: `/office/remittance/disclosure-proposals/${proposalId}`,
      said: say('已提出，需他人审批后公开。', 'Proposed; it becomes public when another person approves it.'),
    }),
  })

const decisionPages = proposalPages('/office/remittance/disclosure-proposals', {
  kind: disclosureProposalKind,
  title: { zh: '征收使用情况公开稿', en: 'a year to be made public' },
  crumbs: ({ say }) => [{ text: say('信息公开', 'disclosure'), href: draftAddress }],
  permits: {
    read: 'settlements.read',
    approve: 'remittance.decide-disclosure',
    giveBack: 'remittance.decide-disclosure',
  },
  show: (content, { say }) => {
    const found = content as unknown as ReleaseContent
    return (
      <>
        <Facts
          of={[
            [say('年度', 'year'), String(found.year)],
            [say('版次', 'release'), String(found.release)],
            ...(found.correctionReason === ''
              ? []
              : [[say('更正原因', 'why it is corrected'), found.correctionReason] as const]),
          ]}
        />
        <Published of={found} say={say} />
      </>
    )
  },
  approve: ({ services }, envelope, decision) =>
    decideRelease(services, envelope, { ...decision, outcome: 'approved', reason: '' }),
  giveBack: ({ services }, envelope, decision) =>
    decideRelease(services, envelope, { ...decision, outcome: 'returned' }),
  preview: ({ year, release }, { say }) => ({
    changes: [
      {
        what: say(`${year} 年征收使用情况`, `collection and use of ${year}`),
        before: release === 1 ? say('未公开', 'not public') : say(`第 ${release - 1} 版`, `release ${release - 1}`),
        after: say(`向公众公开第 ${release} 版，不能撤回`, `release ${release} public for anybody, for good`),
      },
    ],
    button: say(`公开 ${year} 年`, `make ${year} public`),
  }),
  approved: ({ year }, { say }) => ({
    to: `${draftAddress}?year=${year}`,
    said: say(`已公开 ${year} 年征收使用情况：/disclosure/${year}`, `${year} is public: /disclosure/${year}`),
  }),
})

/** What the office has of the disclosure of a year: the draft, its proposal, its decision. */
export const disclosurePages = (usesOfFee: readonly UsesOfFee[]): readonly PageRoute[] => [
  draftPage(usesOfFee),
  proposePage(usesOfFee),
  ...decisionPages,
]

// For anybody, signed in or not: what was released, and nothing else

const publicTitle: Said = { zh: '污水处理费征收使用情况公开', en: 'public account of the wastewater fee' }
const publicCrumb = (say: Say) => ({ text: say(publicTitle), href: '/disclosure' })
const releaseAddress = ({ year, release, stands }: Release): string =>
  stands ? `/disclosure/${year}` : `/disclosure/${year}/${release}`

const publicList = page('/disclosure', {
  title: publicTitle,
  permits: undefined,
  show: async ({ services, say }) => {
    const released = await listReleases(services.db)
    return {
      title: say(publicTitle),
      body:
        released.length === 0 ? (
          <Notice>{say('还没有公开的年度。', 'No year has been made public yet.')}</Notice>
        ) : (
          <ReleasesTable of={released} href={releaseAddress} say={say} />
        ),
    }
  },
})

function shown(found: Release, say: Say) {
  const { content, year, release, stands } = found
  return {
    title: say(titleOf(year)),
    crumbs: [publicCrumb(say)],
    state: <Standing of={found} say={say} />,
    figures: figuresOf(content, say),
    body: (
      <>
        {stands ? null : (
          <Notice tone="waiting">
            {say('这一版已被更正，现行的是', 'This release was corrected. What stands is ')}
            <a href={`/disclosure/${year}`}>{say('最近一版', 'the latest one')}</a>
            {say('。', '.')}
          </Notice>
        )}
        {content.correctionReason === '' ? null : (
          <Notice>
            {say('更正原因：', 'Why it was corrected: ')}
            {content.correctionReason}{' '}
            <a href={`/disclosure/${year}/${release - 1}`}>
              {say(`更正前的第 ${release - 1} 版`, `release ${release - 1}, before it`)}
            </a>
          </Notice>
        )}
        <Published of={content} say={say} />
        <Facts
          of={[
            [say('版次', 'release'), String(release)],
            [say('公开日期', 'released on'), found.releasedOn],
            [say('JSON 文件的 SHA-256', 'SHA-256 of the JSON file'), <Code of={found.digest} />],
          ]}
        />
        <p class="buttons">
          {(['xlsx', 'json'] as const).map((format) => (
            <ButtonLink href={`/disclosure/${year}/${release}/file?format=${format}&language=${say.language}`} download>
              {format.toUpperCase()}
            </ButtonLink>
          ))}
        </p>
      </>
    ),
  }
}

const publicYear = page('/disclosure/{year}', {
  title: publicTitle,
  permits: undefined,
  params: { year: yearField },
  show: async ({ services, params: { year }, say }) => {
    const found = await findRelease(services.db, Number(year))
    return found === undefined ? refuseClosing('disclosure_unknown', { year }) : shown(found, say)
  },
})

const publicRelease = page('/disclosure/{year}/{release}', {
  title: publicTitle,
  permits: undefined,
  params: { year: yearField, release: releaseField },
  show: async ({ services, params: { year, release }, say }) => {
    const found = await findRelease(services.db, Number(year), Number(release))
    return found === undefined ? refuseClosing('disclosure_unknown', { year }) : shown(found, say)
  },
})

const publicFile = page('/disclosure/{year}/{release}/file', {
  title: publicTitle,
  permits: undefined,
  params: { year: yearField, release: releaseField },
  query: { format: z.enum(['xlsx', 'json']), language: z.enum(['zh', 'en']).default('zh') },
  show: async ({ services, request, params: { year, release }, query: { format, language } }) => {
    const found = await findRelease(services.db, Number(year), Number(release))
    if (found === undefined) return refuseClosing('disclosure_unknown', { year })
    // A release never changes: whoever has it need not be given it again.
    const etag = `"${found.digest}-${format}-${language}"`
    const headers = { etag, 'cache-control': 'public, max-age=86400, immutable' }
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
    const name = `${year}-${release}.${format}`
    const file =
      format === 'json'
        ? fileAnswer(name, 'application/json', new TextEncoder().encode(found.text))
        : await disclosureWorkbook(found.content, language)
    if (isRefusal(file)) return file
    const answer =
      file instanceof Response
        ? file
        : fileAnswer(name, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', file)
    for (const [header, value] of Object.entries(headers)) answer.headers.set(header, value)
    return answer
  },
})

/** Pages without sign-in: the years that were released. */
export const publicDisclosurePages: readonly PageRoute[] = [publicList, publicYear, publicRelease, publicFile]
