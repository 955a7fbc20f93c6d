import { z } from '@hono/zod-openapi'
import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import { plusDays } from '../kernel/calendar.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { cited } from '../platform/cited.ts'
import type { Db, Trx } from '../platform/database.ts'
import { date, text, volumeM3 } from '../platform/http/fields.ts'
import { refuseHttp } from '../platform/http/http.refusals.ts'
import type { Said } from '../platform/http/route.ts'
import { type Fields, formPage, given, previewOfTyped, routeAt, runRoute, workIdOf } from '../platform/pages/forms.tsx'
import { type Crumb, type PageAsked, type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Amount,
  ButtonLink,
  Empty,
  Facts,
  NextStep,
  Notice,
  PlainTable,
  PrimaryLink,
  Refused,
  State,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import type { Json } from '../platform/platform.tables.ts'
import { ProposalState, proposalPages, waitingProposals } from '../platform/proposal-pages.tsx'
import type { WorkResult } from '../platform/works.page.tsx'
import { approveRateSchedule } from './approve-rate-schedule.ts'
import { endRateSchedule } from './end-rate-schedule.ts'
import { explainedPriceJson, explainPrice } from './explain-price.queries.ts'
import { priceText } from './price-text.ts'
import { proposeRateSchedule, rateScheduleProposal } from './propose-rate-schedule.ts'
import type { LastDayBilledBy } from './rate-end.ts'
import { tariffFileRoutes } from './rate-schedule.file-routes.ts'
import { listSchedules, ratesTouching, scheduleByCode } from './rate-schedule.queries.ts'
import { type RateSchedule, type ScheduleProposal, type Straddle, straddleNames, straddles } from './rate-schedule.ts'
import { returnRateSchedule } from './return-rate-schedule.ts'

const title: Said = { zh: '收费标准', en: 'rates' }
const home = '/office/tariffs'
const crumbs = ({ say }: { readonly say: Say }): readonly Crumb[] => [{ text: say(title), href: home }]
const pathOf = (code: string): string => `${home}/schedules/${encodeURIComponent(code)}`

/** The names of the categories by their codes. */
async function categoryNames(db: Db | Trx, say: Say): Promise<(code: string) => string> {
  const names = new Map((await listPriceCategories(db)).map(({ code, nameZh, nameEn }) => [code, say(nameZh, nameEn)]))
  return (code) => names.get(code) ?? code
}

const isOpen = ({ until }: RateSchedule): boolean => Object.values(until).some((day) => day === null)

const ScheduleState = ({
  of,
  today,
  say,
}: {
  readonly of: RateSchedule
  readonly today: string
  readonly say: Say
}) => {
  if (of.validFrom > today) return <State tone="waiting">{say('尚未生效', 'not yet in force')}</State>
  return isOpen(of) ? (
    <State tone="settled">{say('执行中', 'in force')}</State>
  ) : (
    <State tone="plain">{say('已终止', 'ended')}</State>
  )
}

const listPage = page(home, {
  title,
  permits: 'tariffs.read',
  show: async ({ services: { db, clock }, visitor, say }) => {
    const schedules = await listSchedules(db)
    const waiting = await waitingProposals({ services: { db }, visitor }, rateScheduleProposal)
    const nameOf = await categoryNames(db, say)
    return {
      title: say(title),
      next: (
        <NextStep permits="tariffs.propose-rate-schedule" visitor={visitor} href={`${home}/new`}>
          {say('提交收费标准', 'propose a schedule')}
        </NextStep>
      ),
      body: (
        <>
          <p class="buttons">
            <ButtonLink href={`${home}/price`}>
              {say('试算某日一立方米多少钱', 'what a cubic metre costs on a day')}
            </ButtonLink>
            <ButtonLink href={`${home}/file`}>{say('以文件提交', 'propose from a file')}</ButtonLink>
          </p>
          {waiting.length === 0 ? null : (
            <PlainTable
              caption={say('待审批', 'waiting for approval')}
              columns={[say('标准', 'schedule'), say('提交人', 'maker'), say('状态', 'state')].map((each) => ({
                title: each,
              }))}
              rows={waiting.map(({ id, subject, makerName }) => [
                <a href={`${home}/proposals/${id}`}>{subject}</a>,
                makerName,
                <ProposalState outcome={undefined} say={say} />,
              ])}
            />
          )}
          {schedules.length === 0 ? (
            <Empty>
              {say(
                '还没有收费标准。按批准文件提交，经他人批准后生效；没有标准的日子不能开账。',
                'No rates yet. Propose them from the approval document; a day without a rate cannot be billed.',
              )}
            </Empty>
          ) : (
            <PlainTable
              caption={say('全部标准，最近的在前', 'every schedule, newest first')}
              columns={[
                say('代码', 'code'),
                say('名称', 'title'),
                say('批准文件', 'approval document'),
                say('自', 'from'),
                say('类别与价格', 'categories and prices'),
                say('状态', 'state'),
              ].map((each) => ({ title: each }))}
              rows={schedules.map((schedule) => [
                <a href={pathOf(schedule.code)}>
                  <code>{schedule.code}</code>
                </a>,
                schedule.title,
                schedule.approvalDocument,
                schedule.validFrom,
                Object.entries(schedule.prices).map(([category, price]) => (
                  <div class="unbroken">
                    {nameOf(category)} {priceText(price, schedule, say.language)}
                  </div>
                )),
                <ScheduleState of={schedule} today={clock.today()} say={say} />,
              ])}
            />
          )}
        </>
      ),
    }
  },
})

const schedulePage = page('/office/tariffs/schedules/{schedule}', {
  title: { zh: '一项收费标准', en: 'one schedule' },
  permits: 'tariffs.read',
  params: { schedule: text(60) },
  show: async ({ services: { db, clock }, params, say, url }) => {
    const schedule = await scheduleByCode(db, params.schedule)
    if (schedule === undefined) return refuseHttp('resource_missing', { path: url.pathname })
    const nameOf = await categoryNames(db, say)
    return {
      title: schedule.title,
      crumbs: crumbs({ say }),
      state: <ScheduleState of={schedule} today={clock.today()} say={say} />,
      body: (
        <>
          <Facts
            of={[
              [say('代码', 'code'), <code>{schedule.code}</code>],
              [say('批准文件', 'approval document'), schedule.approvalDocument],
              [say('批准机关', 'issuer'), schedule.issuer],
              [say('依据条款', 'clause'), cited(schedule.clause, say.language)],
              [say('自用水日', 'from days of use'), schedule.validFrom],
              [say('跨期用水', 'use across a change'), say(straddleNames[schedule.straddle])],
              [say('审批', 'approval'), <a href={`${home}/proposals/${schedule.proposalId}`}>{schedule.proposalId}</a>],
            ]}
          />
          <PlainTable
            caption={say('各类别价格', 'prices by category')}
            columns={[say('类别', 'category'), say('价格', 'price'), say('至', 'until')].map((each) => ({
              title: each,
            }))}
            rows={Object.entries(schedule.prices).map(([category, price]) => [
              nameOf(category),
              priceText(price, schedule, say.language),
              schedule.until[category] ?? say('长期', 'open'),
            ])}
          />
          {isOpen(schedule) ? (
            <p class="buttons">
              <ButtonLink href={`${pathOf(schedule.code)}/end`}>{say('终止', 'end it')}</ButtonLink>
            </p>
          ) : null}
        </>
      ),
    }
  },
})

const priceQuery = {
  category: text(40).optional(),
  volume: text(20).optional(),
  on: text(10).optional(),
}

const pricePage = page('/office/tariffs/price', {
  title: { zh: '试算价格', en: 'what a cubic metre costs' },
  permits: 'tariffs.read',
  query: priceQuery,
  show: async ({ services: { db, clock }, query, say, url }) => {
    const categories = await listPriceCategories(db)
    const on = date.safeParse(query.on ?? clock.today())
    const asked = volumeM3.safeParse(query.volume ?? '1')
    const category = query.category ?? categories[0]?.code ?? ''
    const fits = on.success && asked.success && !asked.data.isNegative()
    const explained =
      fits && category !== '' ? await explainPrice(db, { category, volume: asked.data, on: on.data }) : undefined
    const price =
      explained === undefined || isRefusal(explained) ? undefined : explainedPriceJson(explained, say.language)
    return {
      title: say('试算价格', 'what a cubic metre costs'),
      crumbs: crumbs({ say }),
      ...(price === undefined
        ? {}
        : {
            figures: [
              { label: say('金额（元）', 'amount (yuan)'), value: <Amount of={price.amount} /> },
              { label: say('水量（m³）', 'volume (m³)'), value: price.volumeM3 },
              { label: say('用水日', 'day of use'), value: price.on },
            ],
          }),
      body: (
        <>
          <form class="filters" method="get" action={url.pathname}>
            <div>
              <label for="price-category">{say('价格类别', 'category')}</label>
              <select id="price-category" name="category">
                {categories.map(({ code, nameZh, nameEn }) => (
                  <option value={code} selected={code === category}>
                    {say(nameZh, nameEn)}
                  </option>
                ))}
              </select>
            </div>
            <div>
              <label for="price-volume">{say('水量（m³）', 'volume (m³)')}</label>
              <input id="price-volume" name="volume" value={query.volume ?? '1'} inputmode="decimal" size={11} />
            </div>
            <div>
              <label for="price-on">{say('用水日', 'day of use')}</label>
              <input id="price-on" name="on" value={query.on ?? clock.today()} inputmode="numeric" size={11} />
            </div>
            <button type="submit">{say('试算', 'show')}</button>
          </form>
          {fits ? null : (
            <Notice tone="overdue">
              {say(
                '水量写作 120 或 120.5，日期写作 2026-03-31。',
                'Write the volume like 120 or 120.5 and the day like 2026-03-31.',
              )}
            </Notice>
          )}
          {isRefusal(explained) ? <Refused refusal={explained} say={say} /> : null}
          {price === undefined ? null : (
            <>
              <Facts
                of={[
                  [
                    say('收费标准', 'schedule'),
                    <a href={pathOf(price.schedule)}>
                      <code>{price.schedule}</code>
                    </a>,
                  ],
                  [say('批准文件', 'approval document'), price.approvalDocument],
                  [say('计费水量（m³）', 'billable (m³)'), price.billableVolumeM3],
                  [say('未舍入', 'unrounded'), price.unrounded],
                ]}
              />
              <ul class="arithmetic">
                {price.steps.map((step) => (
                  <li>{step}</li>
                ))}
              </ul>
            </>
          )}
        </>
      ),
    }
  },
})

/** One line a category: `居民 = 0.95`, or bands `非居民 = 0-100: 1.20; 100-: 1.80`; JSON after the sign for other forms. */
function pricesOf(said: string): Record<string, Json> | undefined {
  const prices: Record<string, Json> = {}
  for (const line of said.split('\n')) {
    if (line.trim() === '') continue
    const at = line.search(/[=＝]/)
    const category = line.slice(0, at).trim()
    const rest = line.slice(at + 1).trim()
    if (at < 1 || category === '' || rest === '') return undefined
    if (rest.startsWith('{')) {
      try {
        prices[category] = JSON.parse(rest) as Json
      } catch {
        return undefined
      }
      continue
    }
    if (!/[:：]/.test(rest)) {
      prices[category] = { form: 'flat', perM3: rest }
      continue
    }
    const bands = rest
      .split(/[;；]/)
      .filter((band) => band.trim() !== '')
      .map((band) => /^\s*([\d.]+)\s*[-–]\s*([\d.]*)\s*[:：]\s*([\d.]+)\s*$/.exec(band))
    if (bands.some((band) => band === null)) return undefined
    prices[category] = {
      form: 'tiers',
      period: 'month',
      bands: bands.map((band) => ({
        fromM3: band?.[1] ?? '',
        untilM3: band?.[2] === '' ? null : (band?.[2] ?? null),
        perM3: band?.[3] ?? '',
      })),
    }
  }
  return prices
}

const termFields = {
  code: {
    label: { zh: '代码', en: 'code' },
    help: { zh: '例如 GX-2026-01。', en: 'For example GX-2026-01.' },
    schema: text(60),
  },
  title: { label: { zh: '名称', en: 'title' }, schema: text() },
  approvalDocument: { label: { zh: '批准文件（文号）', en: 'approval document (number)' }, schema: text() },
  issuer: { label: { zh: '批准机关', en: 'issuer' }, schema: text() },
  clause: { label: { zh: '依据条款', en: 'clause' }, schema: text() },
  validFrom: { label: { zh: '自用水日', en: 'from day of use' }, kind: 'date', schema: date },
  straddle: {
    label: { zh: '跨期用水', en: 'use across a change' },
    kind: 'choice',
    choices: ({ say }: PageAsked) => straddles.map((each) => [each, say(straddleNames[each])] as const),
    schema: z.enum(straddles) as z.ZodType<Straddle, string>,
  },
} as const satisfies Fields

const proposeFields = {
  ...termFields,
  prices: {
    label: { zh: '各类别价格（元/m³）', en: 'prices by category (yuan/m³)' },
    help: {
      zh: '每类一行，左边写类别代码：单一价 resident = 0.95；阶梯价 non-resident = 0-100: 1.20; 100-: 1.80。其他形式写 JSON。',
      en: 'A line each, the category’s code first: flat resident = 0.95; tiers non-resident = 0-100: 1.20; 100-: 1.80; JSON for other forms.',
    },
    kind: 'long',
    schema: z
      .string()
      .refine(
        (said) => pricesOf(said) !== undefined,
        '每行写作 类别 = 单价，或 类别 = 0-100: 1.20; 100-: 1.80 · each line as category = price',
      ),
  },
  endsEarlier: {
    label: { zh: '取代同类别仍在执行的标准', en: 'end open rates of the same categories' },
    kind: 'check',
  },
} as const satisfies Fields

const proposePage = formPage(`${home}/new`, {
  title: { zh: '提交收费标准', en: 'propose a schedule' },
  permits: 'tariffs.propose-rate-schedule',
  crumbs,
  initial: async ({ services: { db } }) => ({
    straddle: 'by-days',
    prices: (await listPriceCategories(db)).map(({ code }) => `${code} = `).join('\n'),
  }),
  fields: proposeFields,
  run: ({ services }, { prices, ...terms }, { envelope }) =>
    proposeRateSchedule(services, envelope, { ...terms, unit: 'm³', currency: '元', prices: pricesOf(prices) ?? {} }),
  preview: (answer, asked, values) =>
    previewOfTyped(asked as never, proposeFields, values, {
      button: asked.say(`提交收费标准 ${answer.code}，待他人批准`, `propose ${answer.code} for approval`),
    }),
  done: (answer, { say }) => ({
    to: `${home}/proposals/${answer.proposalId}`,
    said: say(`已提交收费标准 ${answer.code}，待他人批准。`, `${answer.code} waits for another person.`),
  }),
})

const proposeRoute = routeAt(tariffFileRoutes, '/tariffs/proposals/file')

const fileFields = {
  file: {
    label: { zh: '文件', en: 'file' },
    help: {
      zh: 'JSON 为整个标准；CSV 或 Excel 只含价格表（类别、单价、起始水量、截止水量），其余在下面填。',
      en: 'JSON holds the whole schedule; a table holds the prices alone, the terms are given below.',
    },
    kind: 'file',
    accept: '.json,.csv,.xlsx,.xls',
  },
  code: { ...termFields.code, optional: true },
  title: { ...termFields.title, optional: true },
  approvalDocument: { ...termFields.approvalDocument, optional: true },
  issuer: { ...termFields.issuer, optional: true },
  clause: { ...termFields.clause, optional: true },
  validFrom: { ...termFields.validFrom, optional: true },
  straddle: { ...termFields.straddle, optional: true },
} as const satisfies Fields

const filePage = formPage(`${home}/file`, {
  title: { zh: '以文件提交收费标准', en: 'propose a schedule from a file' },
  permits: 'tariffs.propose-rate-schedule',
  crumbs,
  fields: fileFields,
  submit: { zh: '提交，待他人批准', en: 'propose for approval' },
  run: async (asked, { file, ...terms }, posted) => {
    const outcome = await runRoute(proposeRoute, asked as never, posted, { file, query: given(terms) })
    return isRefusal(outcome) ? outcome : { answer: { workId: workIdOf(outcome) }, repeated: false, dryRun: false }
  },
  preview: 'none',
  done: ({ workId }, { say }) => ({ to: `/office/works/${workId}`, said: say('文件已收到。', 'The file is here.') }),
})

/** What proposing from a file leads to. */
export const tariffWorkResults: Readonly<Record<string, WorkResult>> = {
  'post-tariffs-proposals-file': (report, say) => {
    const { proposalId, code } = report.answer as { proposalId: string; code: string }
    return (
      <p class="buttons">
        <PrimaryLink href={`${home}/proposals/${proposalId}`}>
          {say(`看提交的 ${code}`, `see the proposal of ${code}`)}
        </PrimaryLink>
      </p>
    )
  },
}

async function Proposed({ content, asked }: { readonly content: ScheduleProposal; readonly asked: PageAsked }) {
  const { services, say } = asked
  const nameOf = await categoryNames(services.db, say)
  const before = await ratesTouching(services.db, { from: plusDays(content.validFrom, -1), until: content.validFrom })
  return (
    <>
      <Facts
        of={[
          [say('代码', 'code'), <code>{content.code}</code>],
          [say('名称', 'title'), content.title],
          [say('批准文件', 'approval document'), content.approvalDocument],
          [say('批准机关', 'issuer'), content.issuer],
          [say('依据条款', 'clause'), cited(content.clause, say.language)],
          [say('自用水日', 'from day of use'), content.validFrom],
          [say('跨期用水', 'use across a change'), say(straddleNames[content.straddle])],
        ]}
      />
      <PlainTable
        caption={say(`${content.validFrom} 前后的价格`, `prices before and after ${content.validFrom}`)}
        columns={[say('类别', 'category'), say('此前', 'before'), say('提交的', 'proposed')].map((each) => ({
          title: each,
        }))}
        rows={Object.entries(content.prices).map(([category, price]) => {
          const rate = before.find(({ categoryCode }) => categoryCode === category)
          return [
            nameOf(category),
            rate === undefined ? '—' : priceText(rate.price, rate, say.language),
            priceText(price, content, say.language),
          ]
        })}
      />
      {content.replaces.length === 0 ? null : (
        <Notice tone="waiting">
          {say('批准即终止：', 'Its approval ends: ')}
          {content.replaces
            .map(({ scheduleCode, categoryCode }) => `${scheduleCode} ${nameOf(categoryCode)}`)
            .join(say('、', ', '))}
        </Notice>
      )}
    </>
  )
}

const endFields = {
  until: {
    label: { zh: '终止日', en: 'until' },
    help: { zh: '自该日用水起不再适用。', en: 'The first day of use it no longer prices.' },
    kind: 'date',
    schema: date,
  },
  document: { label: { zh: '依据文件', en: 'document' }, schema: text(500) },
} as const satisfies Fields

/** What a cubic metre costs: schedules, proposals, prices on a day. A later stage knows the last day billed by a rate. */
export function tariffPages(lastDayBilledBy: LastDayBilledBy): readonly PageRoute[] {
  return [
    listPage,
    schedulePage,
    pricePage,
    proposePage,
    filePage,
    ...proposalPages(`${home}/proposals`, {
      kind: rateScheduleProposal,
      title: { zh: '收费标准的提交', en: 'a proposed schedule' },
      crumbs,
      permits: {
        read: 'tariffs.read',
        approve: 'tariffs.approve-rate-schedule',
        giveBack: 'tariffs.return-rate-schedule',
      },
      show: (content, asked) => Proposed({ content: content as unknown as ScheduleProposal, asked }),
      approve: ({ services }, envelope, decision) => approveRateSchedule(services, envelope, decision, lastDayBilledBy),
      giveBack: ({ services }, envelope, decision) => returnRateSchedule(services, envelope, decision),
      preview: async (answer, { services: { db }, say }, content) => {
        const nameOf = await categoryNames(db, say)
        const { prices, ...terms } = content as unknown as ScheduleProposal
        const before = await ratesTouching(db, { from: plusDays(answer.validFrom, -1), until: answer.validFrom })
        return {
          changes: Object.entries(prices).map(([category, price]) => {
            const rate = before.find(({ categoryCode }) => categoryCode === category)
            return {
              what: nameOf(category),
              before: rate === undefined ? '—' : priceText(rate.price, rate, say.language),
              after: priceText(price, terms, say.language),
            }
          }),
          button: say(
            `批准 ${answer.code}，自 ${answer.validFrom} 执行`,
            `approve ${answer.code} from ${answer.validFrom}`,
          ),
        }
      },
      approved: (answer, { say }) => ({
        to: pathOf(answer.code),
        said: say(
          `收费标准 ${answer.code} 自 ${answer.validFrom} 执行。`,
          `${answer.code} is in force from ${answer.validFrom}.`,
        ),
      }),
    }),
    formPage('/office/tariffs/schedules/{schedule}/end', {
      title: { zh: '终止收费标准', en: 'end a schedule' },
      permits: 'tariffs.end-rate-schedule',
      params: { schedule: text(60) },
      crumbs,
      about: ({ say }) => (
        <Notice tone="waiting">
          {say(
            '此后的用水在有新标准之前不能开账。',
            'Use after that day cannot be billed until another schedule prices it.',
          )}
        </Notice>
      ),
      fields: endFields,
      run: ({ services, params }, values, { envelope }) =>
        endRateSchedule(services, envelope, { scheduleCode: params.schedule, ...values }, lastDayBilledBy),
      preview: (answer, { say }) => ({
        changes: answer.categories.map((category) => ({
          what: category,
          before: say('执行中', 'open'),
          after: say(`${answer.until} 起不再适用`, `not from ${answer.until}`),
        })),
        button: say(`终止 ${answer.code}`, `end ${answer.code}`),
      }),
      done: (answer, { say }) => ({
        to: pathOf(answer.code),
        said: say(`收费标准 ${answer.code} 自 ${answer.until} 起终止。`, `${answer.code} ends on ${answer.until}.`),
      }),
    }),
  ]
}
