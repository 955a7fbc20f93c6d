import { raw } from 'hono/html'
import type { PermissionName } from '../authorisation/permissions.ts'
import type { Said } from '../http/route.ts'
import type { Visitor } from '../sign-in/visitor.ts'
import type { Role } from '../staff.ts'
import { withQuery } from './filters.tsx'
import type { PageContent } from './page-route.ts'
import { unbroken } from './parts.tsx'
import type { Say } from './say.ts'

/** One of the sites: the office, the portal, or what anybody may see. */
export interface Site {
  /** `/office`; its pages begin with it. */
  readonly prefix: string
  readonly name: Said
  /** Larger text for people who look once a month. */
  readonly roomy: boolean
  readonly menu: readonly MenuSection[]
  /** Where the search field sends what is looked for. */
  readonly searchPath: string | undefined
  /** Whose work is elsewhere: enterprises read their bills in the portal, and the office is not written for them. */
  readonly closedTo?: Role
}
export interface MenuSection {
  readonly title: Said
  readonly items: readonly MenuItem[]
}
export interface MenuItem {
  readonly title: Said
  readonly href: string
  /** The name in the authorisation table of what it leads to. */
  readonly permits: PermissionName | undefined
}

export interface Shell {
  readonly site: Site
  readonly say: Say
  readonly url: URL
  readonly visitor: Visitor | undefined
  readonly csrf: string
  readonly today: string
  /** What happened, said once after a form. */
  readonly said: string | undefined
  readonly mayOpen: (item: MenuItem) => boolean
  /** The address of a stylesheet or script with its version. */
  readonly asset: (name: string) => string
}

/** A whole page: the shell of its site around its parts. */
export function document(content: PageContent, shell: Shell): string {
  const { site, say, asset } = shell
  const zh = say.language === 'zh'
  const body = (
    <html lang={zh ? 'zh-CN' : 'en'}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {content.refreshSeconds === undefined ? null : (
          <noscript>
            <meta http-equiv="refresh" content={String(content.refreshSeconds)} />
          </noscript>
        )}
        <title>
          {content.title} · {say('清流', 'Qingliu')}
          {say(site.name)}
        </title>
        <link rel="icon" href={asset('favicon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={asset('qingliu.css')} />
        <meta name="htmx-config" content='{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false}' />
        <script src={asset('htmx.js')} defer />
        <script src={asset('qingliu.js')} defer />
      </head>
      <body class={site.roomy ? 'roomy' : 'dense'}>
        <a class="skip" href="#main">
          {say('跳到正文', 'skip to the content')}
        </a>
        <Top shell={shell} />
        <div class={site.menu.length > 0 ? 'with-menu' : 'without-menu'}>
          {site.menu.length > 0 ? <Menu shell={shell} /> : null}
          <main id="main" tabindex={-1}>
            <Head content={content} shell={shell} />
            <div class={content.aside === undefined ? 'one-column' : 'two-columns'}>
              <div class="body">{content.body}</div>
              {content.aside === undefined ? null : <aside>{content.aside}</aside>}
            </div>
          </main>
        </div>
      </body>
    </html>
  )
  return `<!doctype html>${body.toString()}`
}

function Top({ shell }: { readonly shell: Shell }) {
  const { site, say, url, visitor, today } = shell
  const other = say.language === 'zh' ? 'en' : 'zh'
  return (
    <header class="top">
      <a class="brand" href={site.prefix === '' ? '/' : site.prefix}>
        {say('清流', 'Qingliu')} <span>{say(site.name)}</span>
      </a>
      {site.searchPath === undefined ? null : (
        <form class="search" action={site.searchPath} method="get">
          <label for="search" class="unseen">
            {say(
              '搜索户号、户名、账单、流水号、统一社会信用代码',
              'search accounts, names, bills, references, credit codes',
            )}
          </label>
          <input
            id="search"
            type="search"
            name="q"
            value={url.pathname === site.searchPath ? (url.searchParams.get('q') ?? '') : ''}
            placeholder={say('户号 户名 账单 流水号 代码', 'account, name, bill, reference, code')}
            autocomplete="off"
          />
        </form>
      )}
      <span class="spacer" />
      <span class="today">{today}</span>
      <a
        href={`/language?to=${other}&back=${encodeURIComponent(withQuery(url, {}))}`}
        lang={other === 'zh' ? 'zh-CN' : 'en'}
      >
        {other === 'zh' ? '中文' : 'English'}
      </a>
      {visitor === undefined ? null : (
        <span class="visitor">
          <a href="/account">{visitor.name}</a> <span class="quiet">{visitor.organisation.name}</span>
        </span>
      )}
    </header>
  )
}

/** Menus as they were rendered: one for each site, language, place and set of what somebody may open. */
const menus = new Map<string, string>()
const menusKept = 2_000

function Menu({ shell }: { readonly shell: Shell }) {
  const { site, say, url, mayOpen } = shell
  // Of addresses that lead to where one is, the longest: payments are not their imports.
  let current = ''
  let key = `${site.prefix} ${say.language}`
  for (const { items } of site.menu)
    for (const item of items) {
      const { href } = item
      const leadsHere = url.pathname === href || (href !== site.prefix && url.pathname.startsWith(`${href}/`))
      if (leadsHere && href.length > current.length) current = href
      if (mayOpen(item)) key += ` ${href}`
    }
  key += ` at ${current}`
  let rendered = menus.get(key)
  if (rendered === undefined) {
    const sections = site.menu.map(({ title, items }) => ({ title, items: items.filter(mayOpen) }))
    rendered = String(<MenuOf sections={sections} current={current} say={say} />)
    if (menus.size >= menusKept) menus.clear()
    menus.set(key, rendered)
  }
  return raw(rendered)
}

function MenuOf({
  sections,
  current,
  say,
}: {
  readonly sections: Site['menu']
  readonly current: string
  readonly say: Say
}) {
  return (
    <nav class="menu" aria-label={say('主菜单', 'main menu')}>
      <details open>
        <summary>{say('菜单', 'menu')}</summary>
        {sections.map(({ title, items }, place) =>
          items.length === 0 ? null : (
            // Where one is stays open, and the first section, which is about today.
            <details class="menu-section" open={place === 0 || items.some(({ href }) => href === current)}>
              <summary>{say(title)}</summary>
              <ul>
                {items.map((item) => (
                  <li>
                    <a href={item.href} aria-current={current === item.href ? 'page' : undefined}>
                      {say(item.title)}
                    </a>
                  </li>
                ))}
              </ul>
            </details>
          ),
        )}
      </details>
    </nav>
  )
}

function Head({ content, shell }: { readonly content: PageContent; readonly shell: Shell }) {
  const { say, said } = shell
  return (
    <>
      {content.crumbs === undefined || content.crumbs.length === 0 ? null : (
        <nav class="crumbs" aria-label={say('位置', 'where you are')}>
          <ol>
            {content.crumbs.map(({ text, href }) => (
              <li>
                <a href={href}>{text}</a>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div class="title">
        <h1>{content.title}</h1>
        {content.state}
        <span class="spacer" />
        {content.next}
      </div>
      {said === undefined ? null : (
        <div class="notice settled" role="status">
          {said}
        </div>
      )}
      {content.figures === undefined || content.figures.length === 0 ? null : (
        <dl class="figures">
          {content.figures.map(({ label, value, tone }) => (
            <div>
              <dt>{unbroken(label)}</dt>
              <dd class={tone}>{unbroken(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}
