import type { Refusal } from '../../kernel/refusal.ts'
import type { Site } from './layout.tsx'
import type { PageContent } from './page-route.ts'
import { Refused } from './parts.tsx'
import type { Say } from './say.ts'

/** A refusal as a page of its own: what, why, the remedy, and a way on: to sign in, or back. */
export function refusalPage(refusal: Refusal, say: Say, site: Site, { pathname }: URL): PageContent {
  const home = site.prefix === '' ? '/' : site.prefix
  const isSignedOut = refusal.entry.kind === 'unauthenticated'
  return {
    title: say(refusal.title),
    body: (
      <>
        <Refused refusal={refusal} say={say} />
        <p>
          {isSignedOut ? (
            <a href={`/sign-in?next=${encodeURIComponent(pathname)}`}>{say('登录', 'sign in')}</a>
          ) : (
            <a href={home}>{say('回到首页', 'to the first page')}</a>
          )}
        </p>
      </>
    ),
  }
}
