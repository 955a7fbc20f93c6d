import type { Refusal } from '../../kernel/refusal.ts'
import { refusalKinds } from '../../kernel/refusal.ts'
import type { Site } from './layout.tsx'
import type { PageContent } from './page-route.ts'
import { Refused } from './parts.tsx'
import type { Say } from './say.ts'

/** A refusal as a page of its own: what, why, the remedy, and a way back. */
export function refusalPage(refusal: Refusal, say: Say, site: Site): PageContent {
  const home = site.prefix === '' ? '/' : site.prefix
  return {
    title: say(refusalKinds[refusal.entry.kind]),
    body: (
      <>
        <Refused refusal={refusal} say={say} />
        <p>
          <a href={home}>{say('回到首页', 'to the first page')}</a>
        </p>
      </>
    ),
  }
}
