import { date, text } from '../http/fields.ts'
import { formPage } from '../pages/forms.tsx'
import { type PageRoute, page } from '../pages/page-route.ts'
import { Facts, PlainTable, PrimaryLink, Section } from '../pages/parts.tsx'
import type { Say } from '../pages/say.ts'
import { proposalPages } from '../proposal-pages.tsx'
import { approveTemplate, returnTemplate } from './approve-template.ts'
import type { DocumentKind } from './document.ts'
import { templateInForce, templateVersions } from './documents.queries.ts'
import { refuseDocument } from './documents.refusals.ts'
import { proposeTemplate, type TemplateProposal, templateProposal } from './propose-template.ts'

const crumb = (say: Say) => ({ text: say('文书模板', 'templates'), href: '/office/templates' })

/** The texts official documents are printed by; the kinds of documents are the stages'. */
export function templatePages(kinds: readonly DocumentKind[]): readonly PageRoute[] {
  const titleOf = (name: string, say: Say): string => {
    const kind = kinds.find((each) => each.name === name)
    return kind === undefined ? name : say(kind)
  }
  return [
    page('/office/templates', {
      title: { zh: '文书模板', en: 'templates of documents' },
      permits: 'templates.read',
      show: async ({ services, say }) => {
        const rows = []
        for (const kind of kinds) {
          const { version, digest } = await templateInForce(services.db, kind, services.clock.today())
          rows.push([
            <a href={`/office/templates/${kind.name}`}>{say(kind)}</a>,
            <code>{kind.name}</code>,
            version === 0 ? say('程序自带', 'shipped') : say(`本单位第 ${version} 版`, `own version ${version}`),
            <code>{digest.slice(0, 12)}</code>,
          ])
        }
        return {
          title: say('文书模板', 'templates of documents'),
          body: (
            <PlainTable
              columns={[
                { title: say('文书', 'document') },
                { title: say('种类', 'kind') },
                { title: say('现用', 'in force') },
                { title: say('摘要', 'digest') },
              ]}
              rows={rows}
            />
          ),
        }
      },
    }),
    page('/office/templates/{kind}', {
      title: { zh: '一种文书的模板', en: 'the template of a document' },
      permits: 'templates.read',
      params: { kind: text(100) },
      show: async ({ services, params, say, may }) => {
        const kind = kinds.find(({ name }) => name === params.kind)
        if (kind === undefined) return refuseDocument('template_kind_unknown', { kind: params.kind })
        const { version, digest, text: words } = await templateInForce(services.db, kind, services.clock.today())
        const versions = await templateVersions(services.db, kind.name)
        return {
          title: say(kind),
          crumbs: [crumb(say)],
          next: may('documents.propose-template') ? (
            <PrimaryLink href={`/office/templates/${kind.name}/change`}>
              {say('提交本单位的模板', 'propose another text')}
            </PrimaryLink>
          ) : null,
          body: (
            <>
              <Facts
                of={[
                  [say('现用', 'in force'), version === 0 ? say('程序自带', 'shipped') : String(version)],
                  [say('摘要', 'digest'), <code>{digest.slice(0, 12)}</code>],
                ]}
              />
              <Section title={say('全文', 'its text')}>
                <p class="written">{words}</p>
              </Section>
              {versions.length === 0 ? null : (
                <PlainTable
                  caption={say('历次版本', 'versions')}
                  columns={[
                    { title: say('版', 'version'), number: true },
                    { title: say('依据', 'ground') },
                    { title: say('自', 'from') },
                    { title: say('至（不含）', 'until') },
                  ]}
                  rows={versions.map((each) => [
                    String(each.version),
                    each.ground,
                    each.validity.from,
                    each.validity.until,
                  ])}
                />
              )}
            </>
          ),
        }
      },
    }),
    formPage('/office/templates/{kind}/change', {
      title: { zh: '提交本单位的模板', en: 'propose another text' },
      permits: 'documents.propose-template',
      params: { kind: text(100) },
      crumbs: ({ say, params }) => [
        crumb(say),
        { text: titleOf(params.kind, say), href: `/office/templates/${params.kind}` },
      ],
      initial: async ({ services, params }) => {
        const kind = kinds.find(({ name }) => name === params.kind)
        if (kind === undefined) return {}
        return { text: (await templateInForce(services.db, kind, services.clock.today())).text }
      },
      fields: {
        text: {
          label: { zh: '全文', en: 'the text' },
          help: {
            zh: '首行写明种类；字段写作 {{名称}}，必需的字段不能少。',
            en: 'Its first line names its kind; required fields stay.',
          },
          kind: 'long',
        },
        ground: { label: { zh: '依据', en: 'ground' }, schema: text(500) },
        validFrom: { label: { zh: '启用日', en: 'in force from' }, kind: 'date', optional: true, schema: date },
      },
      run: ({ services }, values, { envelope }) => proposeTemplate(services, envelope, values, kinds),
      preview: ({ kind, validFrom }, { say }) => ({
        changes: [
          {
            what: titleOf(kind, say),
            before: say('现用模板', 'the text in force'),
            after: say(`新模板，自 ${validFrom} 起，待他人批准`, `a new text from ${validFrom}, once approved`),
          },
        ],
        button: say('提交模板', 'propose the text'),
      }),
      done: ({ proposalId }, { say }) => ({
        to: `/office/template-proposals/${proposalId}`,
        said: say('已提交模板，需他人批准。', 'The template is proposed; another person approves it.'),
      }),
    }),
    ...proposalPages('/office/template-proposals', {
      kind: templateProposal,
      title: { zh: '文书模板审批', en: 'a proposed template' },
      crumbs: ({ say }) => [crumb(say)],
      permits: { read: 'templates.read', approve: 'documents.approve-template', giveBack: 'documents.return-template' },
      show: (content, { say }) => {
        const found = content as unknown as TemplateProposal
        return (
          <>
            <Facts
              of={[
                [say('文书', 'paper'), titleOf(found.kind, say)],
                [say('种类', 'kind'), <code>{found.kind}</code>],
                [say('启用日', 'in force from'), found.validFrom],
                [say('依据', 'ground'), found.ground],
              ]}
            />
            <p class="written">{found.text}</p>
          </>
        )
      },
      approve: ({ services }, envelope, decision) => approveTemplate(services, envelope, decision, kinds),
      giveBack: ({ services }, envelope, decision) => returnTemplate(services, envelope, decision),
      preview: ({ kind, version, validFrom }, { say }) => ({
        changes: [
          {
            what: titleOf(kind, say),
            before: say('待批准', 'proposed'),
            after: say(`第 ${version} 版，自 ${validFrom} 起`, `version ${version} from ${validFrom}`),
          },
        ],
        button: say(
          `批准“${titleOf(kind, say)}”第 ${version} 版`,
          `approve version ${version} of ${titleOf(kind, say)}`,
        ),
      }),
      approved: ({ kind, version }, { say }) => ({
        to: `/office/templates/${kind}`,
        said: say(
          `已启用“${titleOf(kind, say)}”第 ${version} 版。`,
          `Version ${version} of ${titleOf(kind, say)} is in force.`,
        ),
      }),
    }),
  ]
}
