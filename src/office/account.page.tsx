import { listBills } from '../bills/bill.queries.ts'
import { billKindNames } from '../bills/bill.ts'
import { accountTerms, dischargersById, findAccount } from '../dischargers/account.queries.ts'
import { accountNo, collectorCode } from '../dischargers/account.routes.ts'
import { type Installation, meterPurposeNames, supplyNames } from '../dischargers/account.ts'
import { accountTimeline, type LifeEvent, type LifeEventKind, lifeDetail } from '../dischargers/discharger.queries.ts'
import { collectorNames } from '../dischargers/known-names.queries.ts'
import { listPayerGroups, listPriceCategories } from '../dischargers/price-category.queries.ts'
import { type CivilDate, holdsOn } from '../kernel/calendar.ts'
import { present } from '../kernel/invariant.ts'
import { moneyText } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { volume, volumeForPeople, volumeText } from '../kernel/volume.ts'
import type { Said } from '../platform/http/route.ts'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Amount,
  Code,
  Doings,
  Empty,
  Facts,
  type Happening,
  PlainTable,
  PrimaryLink,
  Section,
  State,
  Timeline,
  type Tone,
  VolumeM3,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { isPermitted } from '../platform/sign-in/permitted.ts'
import { accountPath, ReadingsTable } from '../readings/reading.page.tsx'
import { readingsOfAccount } from '../readings/reading-chain.queries.ts'
import { basesOf } from '../volumes/volume.queries.ts'
import { basisNames } from '../volumes/volume-basis.ts'

const eventNames: Record<LifeEventKind, { readonly tone: Tone } & Said> = {
  opened: { tone: 'settled', zh: '开户', en: 'opened' },
  held: { tone: 'plain', zh: '由其缴费', en: 'held by' },
  category: { tone: 'plain', zh: '类别', en: 'category' },
  suspended: { tone: 'waiting', zh: '报停', en: 'suspended' },
  resumed: { tone: 'settled', zh: '恢复用水', en: 'resumed' },
  meter_installed: { tone: 'plain', zh: '装表', en: 'meter installed' },
  meter_removed: { tone: 'plain', zh: '拆表', en: 'meter removed' },
  shared: { tone: 'plain', zh: '分摊', en: 'shared' },
  closed: { tone: 'overdue', zh: '销户', en: 'closed' },
}

const happening = (event: LifeEvent, say: Say, detail = lifeDetail(event, say.language)): Happening => ({
  on: event.on,
  what: [say(eventNames[event.kind]), event.kind === 'opened' ? '' : event.subject]
    .filter((part) => part !== '')
    .join(' '),
  tone: eventNames[event.kind].tone,
  ...(event.recordedBy === null ? {} : { who: event.recordedBy }),
  ...(detail === '' ? {} : { more: detail }),
})

const allDays = { from: '1900-01-01' as CivilDate, until: '2199-12-31' as CivilDate }
const shown = 12

/** An account with its life, its readings, the ground of its volume and its bills: it spans four stages. */
const accountPage = page('/office/accounts/{collector}/{account}', {
  title: { zh: '一个用水户', en: 'one account' },
  permits: 'accounts.read',
  params: { collector: collectorCode, account: accountNo },
  show: async ({ services: { db, clock }, params, visitor, say }) => {
    const found = await findAccount(db, params.collector, params.account)
    if (isRefusal(found)) return found
    const { accountId } = found
    const today = clock.today()
    const terms = present((await accountTerms(db, [accountId], allDays)).get(accountId), 'the account was just found')
    const [events, readings, bases, bills, groups, categories, collectors, holders] = [
      await accountTimeline(db, accountId, say.language),
      await readingsOfAccount(db, accountId),
      (await basesOf(db, [accountId], allDays)).get(accountId) ?? [],
      await listBills(db, { accountId, limit: 1_000 }),
      await listPayerGroups(db),
      await listPriceCategories(db),
      await collectorNames(db),
      await dischargersById(
        db,
        terms.holders.map(({ dischargerId }) => dischargerId),
      ),
    ]
    const at = accountPath(params.collector, params.account)
    const holder = terms.holders.at(-1)
    const payer = holder === undefined ? undefined : holders.get(holder.dischargerId)
    const category = terms.categories.at(-1)
    const group = groups.find(({ code }) => code === category?.payerGroup)
    const price = categories.find(({ code }) => code === category?.categoryCode)
    const suspended = terms.suspensions.some((each) => holdsOn(each, today))
    const hanging = terms.installations.filter(({ validity }) => validity.until === null)
    const last = readings.find(({ status }) => status === 'effective')
    return {
      title: say(`户号 ${found.accountNo}`, `account ${found.accountNo}`),
      crumbs: [{ text: say('用水户', 'accounts'), href: '/office/accounts' }],
      state: <LifeState closedOn={terms.closedOn} suspended={suspended} say={say} />,
      ...(terms.closedOn === null && isPermitted(visitor, 'readings.record-reading')
        ? { next: <PrimaryLink href={`${at}/readings/new`}>{say('登记抄表', 'enter a reading')}</PrimaryLink> }
        : {}),
      figures: [
        {
          label: say('户名', 'holder'),
          value:
            payer === undefined ? (
              '—'
            ) : (
              <a href={`/office/dischargers/${encodeURIComponent(payer.code)}`}>{payer.name}</a>
            ),
        },
        { label: say('价格类别', 'category'), value: price === undefined ? '—' : say(price.nameZh, price.nameEn) },
        {
          label: say(`最近用水（m³）${last?.feeMonth ?? ''}`, `last use (m³) ${last?.feeMonth ?? ''}`),
          value: <VolumeM3 of={last?.volumeM3} />,
        },
        { label: say('账单（张）', 'bills'), value: String(bills.length) },
      ],
      body: (
        <>
          <Facts
            of={[
              [say('户号', 'account'), <Code of={found.accountNo} copy say={say} />],
              [say('代征单位', 'collector'), collectors.get(found.collectorCode) ?? found.collectorCode],
              [say('用户群体', 'group of payers'), group === undefined ? null : say(group.nameZh, group.nameEn)],
              [say('水源', 'supply'), say(supplyNames[terms.supply])],
              [say('开户', 'opened'), terms.openedOn],
              [say('销户', 'closed'), terms.closedOn],
            ]}
          />
          {terms.closedOn === null ? (
            <Doings
              visitor={visitor}
              of={[
                ['readings.estimate-reading', `${at}/readings/estimate`, say('估抄', 'estimate')],
                ['dischargers.transfer-account', `${at}/transfer`, say('过户', 'hand over')],
                ['dischargers.change-account-category', `${at}/category`, say('变更类别', 'change category')],
                suspended
                  ? ['dischargers.resume-account', `${at}/resumption`, say('恢复用水', 'resume')]
                  : ['dischargers.suspend-account', `${at}/suspension`, say('报停', 'suspend')],
                ['dischargers.install-meter', `${at}/meters/new`, say('装表', 'install a meter')],
                ['dischargers.close-account', `${at}/closing`, say('销户', 'close')],
              ]}
            />
          ) : null}
          <Section title={say('水表', 'meters')}>
            {terms.installations.length === 0 ? (
              <Empty>{say('没有水表：按申报或依据计量。', 'No meter: its volume is declared or determined.')}</Empty>
            ) : (
              <Meters
                of={terms.installations}
                hanging={hanging.length}
                changeable={isPermitted(visitor, 'dischargers.replace-meter')}
                at={at}
                say={say}
              />
            )}
          </Section>
          <Section title={say('抄表', 'readings')}>
            {readings.length === 0 ? (
              <Empty>{say('还没有抄表记录。', 'No readings yet.')}</Empty>
            ) : (
              <ReadingsTable of={readings.slice(0, shown)} say={say} />
            )}
            <p>
              <a href={`${at}/readings`}>
                {say(`全部抄表 ${readings.length} 条`, `all readings (${readings.length})`)}
              </a>
            </p>
          </Section>
          <Section title={say('计量依据', 'volume bases')}>
            {bases.length === 0 ? (
              <Empty>{say('按公共供水水表计量（办法第八条）。', 'By the public meter (Measures art. 8).')}</Empty>
            ) : (
              <PlainTable
                columns={[say('依据', 'basis'), say('自', 'from'), say('至', 'until'), say('证据', 'evidence')].map(
                  (each) => ({
                    title: each,
                  }),
                )}
                rows={bases.map((basis) => [
                  <a href={`/office/volume-bases/${basis.basisId}`}>{say(basisNames[basis.basis])}</a>,
                  basis.validity.from,
                  basis.validity.until ?? say('长期', 'open'),
                  basis.evidence,
                ])}
              />
            )}
            <Doings
              visitor={visitor}
              of={[
                ['volumes.propose-basis', `${at}/volume-bases/new`, say('提出计量依据', 'propose a basis')],
                terms.supply === 'own_source'
                  ? [
                      'volumes.declare-own-source',
                      `${at}/own-source/new`,
                      say('登记自备水源申报', 'enter a declaration'),
                    ]
                  : undefined,
                terms.supply === 'own_source'
                  ? ['volumes.propose-rated-flow', `${at}/own-source/rated-flow`, say('按额定流量计', 'rated flow')]
                  : undefined,
              ]}
            />
          </Section>
          <Section title={say('账单', 'bills')}>
            {bills.length === 0 ? (
              <Empty>{say('还没有账单。', 'No bills yet.')}</Empty>
            ) : (
              <PlainTable
                columns={[
                  { title: say('账单号', 'bill') },
                  { title: say('费款所属月份', 'fee month') },
                  { title: say('种类', 'kind') },
                  { title: say('水量（m³）', 'volume (m³)'), number: true },
                  { title: say('应缴（元）', 'amount (yuan)'), number: true },
                  { title: say('到期', 'due') },
                ]}
                rows={bills
                  .toReversed()
                  .slice(0, shown)
                  .map((bill) => [
                    <a href={`/office/bills/${bill.number}`}>
                      <code>{bill.number}</code>
                    </a>,
                    bill.feeMonth,
                    say(billKindNames[bill.kind]),
                    <VolumeM3 of={volumeText(bill.volumeM3)} />,
                    <Amount of={moneyText(bill.totalAmount)} />,
                    bill.dueOn,
                  ])}
              />
            )}
            <p>
              <a href={`/office/bills?account=${encodeURIComponent(found.accountNo)}`}>
                {say('在账单中查看', 'in the list of bills')}
              </a>
            </p>
          </Section>
        </>
      ),
      aside: <Timeline of={events.toReversed().map((event) => happening(event, say))} say={say} />,
    }
  },
})

function LifeState({
  closedOn,
  suspended,
  say,
}: {
  readonly closedOn: string | null
  readonly suspended: boolean
  readonly say: Say
}) {
  if (closedOn !== null) return <State tone="plain">{say(`${closedOn} 起销户`, `closed from ${closedOn}`)}</State>
  if (suspended) return <State tone="waiting">{say('报停', 'suspended')}</State>
  return <State tone="settled">{say('在用', 'open')}</State>
}

function Meters({
  of,
  hanging,
  changeable,
  at,
  say,
}: {
  readonly of: readonly Installation[]
  readonly hanging: number
  readonly changeable: boolean
  readonly at: string
  readonly say: Say
}) {
  return (
    <PlainTable
      caption={say(`在用 ${hanging} 只，共 ${of.length} 只`, `${hanging} in use, ${of.length} in all`)}
      columns={[
        { title: say('表号', 'meter') },
        { title: say('用途', 'purpose') },
        { title: say('位数', 'digits'), number: true },
        { title: say('倍率', 'multiplier'), number: true },
        { title: say('装表', 'installed') },
        { title: say('装表读数', 'initial'), number: true },
        { title: say('拆表', 'removed') },
        { title: say('拆表读数', 'final'), number: true },
        { title: say('办理', 'do'), pressed: changeable },
      ]}
      rows={of.map((meter) => {
        const meterAt = `${at}/meters/${encodeURIComponent(meter.meterNo)}`
        return [
          <code>{meter.meterNo}</code>,
          say(meterPurposeNames[meter.purpose]),
          String(meter.digits),
          volumeForPeople(volume(meter.multiplier)),
          meter.validity.from,
          <VolumeM3 of={meter.initialReading} />,
          meter.validity.until ?? '—',
          <VolumeM3 of={meter.finalReading} />,
          meter.validity.until === null && changeable ? (
            <>
              <a href={`${meterAt}/replacement`}>{say('换表', 'replace')}</a>{' '}
              <a href={`${meterAt}/removal`}>{say('拆表', 'remove')}</a>{' '}
              <a href={`${meterAt}/shares`}>{say('分摊', 'share')}</a>
            </>
          ) : (
            ''
          ),
        ]
      })}
    />
  )
}

/** What is known of an account in every stage. */
export const officeAccountPages: readonly PageRoute[] = [accountPage]
