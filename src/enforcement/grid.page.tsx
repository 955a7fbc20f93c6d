import type { Db } from '../platform/database.ts'
import { date, text } from '../platform/http/fields.ts'
import { formPage } from '../platform/pages/forms.tsx'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import { Count, Empty, Facts, Notice, PlainTable, PrimaryLink, Section } from '../platform/pages/parts.tsx'
import { pastedRows } from '../platform/pages/pasted-rows.ts'
import type { Say } from '../platform/pages/say.ts'
import { proposalPages } from '../platform/proposal-pages.tsx'
import { adoptGrid, gridProposalKind, proposeGrid, returnGrid } from './adopt-grid.ts'
import { enforcementTables } from './enforcement.tables.ts'
import type { GridRow } from './enforcement.ts'
import type { EnteredGrid } from './grid.rules.ts'

const home = '/office/discretion-grids'
const title = { zh: '裁量基准', en: 'discretion grids' } as const
const crumbs = ({ say }: { readonly say: Say }) => [{ text: say(title), href: home }]

/** A grid as pages show it: its document and what each factor allows. */
const Grid = ({ grid, say }: { readonly grid: EnteredGrid; readonly say: Say }) => (
  <>
    <Facts
      of={[
        [say('文号', 'document'), grid.documentNumber],
        [say('机关', 'issuer'), grid.issuer],
        [say('施行', 'in force from'), grid.validFrom],
      ]}
    />
    <PlainTable
      columns={[
        { title: say('代码', 'code') },
        { title: say('情形', 'factor') },
        { title: say('倍数下限', 'least'), number: true },
        { title: say('倍数上限', 'most'), number: true },
      ]}
      rows={grid.rows.map((row) => [row.factor, row.zh, row.minimum, row.maximum])}
    />
  </>
)

/** Every adopted grid, the latest first. */
async function adoptedGrids(db: Db): Promise<EnteredGrid[]> {
  const rows = await enforcementTables(db)
    .selectFrom('discretion_grids')
    .selectAll()
    .orderBy('valid_from', 'desc')
    .execute()
  return rows.map((row) => ({
    documentNumber: row.document_no,
    issuer: row.issuer,
    validFrom: row.valid_from,
    rows: row.rows as unknown as readonly GridRow[],
  }))
}

const gridsPage = page(home, {
  title,
  permits: 'enforcement.read',
  show: async ({ services: { db }, say, may }) => {
    const grids = await adoptedGrids(db)
    return {
      title: say(title),
      next: may('enforcement.propose-grid') ? (
        <PrimaryLink href={`${home}/new`}>{say('提出裁量基准', 'propose a grid')}</PrimaryLink>
      ) : null,
      body: (
        <>
          <Notice>
            {say(
              '责令期限届满之日在施行期内的案件，告知和决定都须选一种情形，倍数在它的上下限之内。没有基准时在一倍以上三倍以下裁量。',
              'A case whose order lapsed while a grid was in force names one of its factors and stays within its multiples. Without one the multiple lies between 1 and 3.',
            )}
          </Notice>
          {grids.length === 0 ? (
            <Empty>
              {say(
                '还没有裁量基准。已公布的，由经办录入，他人批准后施行。',
                'No grid yet. A clerk enters a published one, another person adopts it.',
              )}
            </Empty>
          ) : (
            grids.map((grid) => (
              <Section title={grid.documentNumber}>
                <Grid grid={grid} say={say} />
              </Section>
            ))
          )}
        </>
      ),
    }
  },
})

const gridPage = formPage(`${home}/new`, {
  title: { zh: '提出已公布的裁量基准', en: 'propose a published discretion grid' },
  permits: 'enforcement.propose-grid',
  crumbs,
  fields: {
    documentNumber: {
      label: { zh: '文号', en: 'number of the document' },
      help: { zh: '例如 赣市城管规〔2026〕2号。', en: 'For example 赣市城管规〔2026〕2号.' },
      schema: text(100),
    },
    issuer: { label: { zh: '发布机关', en: 'issuer' }, schema: text(100) },
    validFrom: { label: { zh: '施行日', en: 'first day' }, kind: 'date', schema: date },
    rows: {
      label: { zh: '各种情形', en: 'factors' },
      help: {
        zh: '每行一种：代码、情形、倍数下限、倍数上限，以逗号隔开，也可从 Excel 复制四列粘贴。例如：first，初次逾期，1，1.5',
        en: 'One a line: code, words, least and most multiple, by commas or pasted as four columns of Excel. Such as: first, 初次逾期, 1, 1.5',
      },
      kind: 'long',
      schema: pastedRows(['factor', 'zh', 'minimum', 'maximum']),
    },
  },
  run: ({ services }, entered, { envelope }) => proposeGrid(services, envelope, JSON.stringify(entered)),
  preview: ({ documentNumber, rows }, { say }, values) => ({
    changes: [
      {
        what: documentNumber,
        before: '—',
        after: say(`${rows} 种情形，待他人批准`, `${rows} factors, another person adopts it`),
      },
    ],
    more: <Grid grid={values} say={say} />,
    button: say(`提交 ${documentNumber}`, `propose ${documentNumber}`),
  }),
  done: ({ proposalId }, { say }) => ({
    to: `${home}/proposals/${proposalId}`,
    said: say('已提交裁量基准，需他人批准。', 'The grid is proposed; another person adopts it.'),
  }),
})

const gridDecision = proposalPages(`${home}/proposals`, {
  kind: gridProposalKind,
  title: { zh: '裁量基准', en: 'discretion grid' },
  crumbs,
  permits: { read: 'enforcement.read', approve: 'enforcement.adopt-grid', giveBack: 'enforcement.return-grid' },
  show: (content, { say }) => <Grid grid={content as unknown as EnteredGrid} say={say} />,
  approve: ({ services }, envelope, decision) => adoptGrid(services, envelope, decision),
  giveBack: ({ services }, envelope, decision) => returnGrid(services, envelope, decision),
  preview: ({ documentNumber, validFrom }, { say }, content) => ({
    changes: [
      {
        what: documentNumber,
        before: say('待批准', 'proposed'),
        after: say(`自 ${validFrom} 起施行`, `in force from ${validFrom}`),
      },
    ],
    more: (
      <Notice>
        {say('共 ', 'In all ')}
        <Count of={(content as unknown as EnteredGrid).rows.length} />
        {say(' 种情形。', ' factors.')}
      </Notice>
    ),
    button: say(`批准 ${documentNumber}`, `adopt ${documentNumber}`),
  }),
  approved: ({ documentNumber, validFrom }, { say }) => ({
    to: home,
    said: say(
      `裁量基准 ${documentNumber} 自 ${validFrom} 起施行。`,
      `The grid ${documentNumber} is in force from ${validFrom}.`,
    ),
  }),
})

/** The discretion grids that fines are measured by: those adopted, and how one is. */
export const gridPages: readonly PageRoute[] = [gridsPage, gridPage, ...gridDecision]
