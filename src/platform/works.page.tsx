import { z } from '@hono/zod-openapi'
import type { Child } from 'hono/jsx'
import { refuseHttp } from './http/http.refusals.ts'
import type { WorkReport } from './http/works.ts'
import { page } from './pages/page-route.ts'
import { Count, Facts, Instant, Notice, State, type Tone } from './pages/parts.tsx'
import type { Say } from './pages/say.ts'
import { ownOnly } from './works.routes.ts'

const states: Record<WorkReport['state'], { readonly tone: Tone; readonly zh: string; readonly en: string }> = {
  running: { tone: 'waiting', zh: '办理中', en: 'under way' },
  done: { tone: 'settled', zh: '已办完', en: 'done' },
  refused: { tone: 'overdue', zh: '未受理', en: 'refused' },
  failed: { tone: 'overdue', zh: '程序出错', en: 'failed' },
  interrupted: { tone: 'overdue', zh: '中断', en: 'interrupted' },
}

/** What a kind of work leads to once it is done, or where one goes on when it was refused: by the operation id of its route. */
export type WorkResult = (report: WorkReport, say: Say) => Child

/** Long work that may be left and found again: rows done of rows known, speed, time left; what came of it. */
export const workPage = (
  results: Readonly<Record<string, WorkResult>>,
  refused: Readonly<Record<string, WorkResult>> = {},
) =>
  page('/office/works/{work}', {
    title: { zh: '办理进度', en: 'work under way' },
    permits: 'works.read',
    params: { work: z.uuid() },
    show: async ({ services, visitor, params, works, say, url }) => {
      const report = await works?.find(services.db, params.work, ownOnly(visitor))
      if (report === undefined) return refuseHttp('resource_missing', { path: url.pathname })
      const { tone, ...words } = states[report.state]
      return {
        title: report.fileName ?? say('办理进度', 'work under way'),
        state: <State tone={tone}>{say(words)}</State>,
        ...(report.state === 'running' ? { refreshSeconds: 2 } : {}),
        body: (
          <div
            id="work"
            {...(report.state === 'running'
              ? {
                  'hx-get': url.pathname,
                  'hx-trigger': 'every 1s',
                  'hx-target': '#main',
                  'hx-select': '#main',
                  'hx-swap': 'outerHTML',
                }
              : {})}
          >
            <Progress report={report} say={say} />
            {report.problem === null ? null : (
              <Notice tone="overdue">
                {report.problem[say.language].split('\n').map((line) => (
                  <p>{line}</p>
                ))}
              </Notice>
            )}
            {report.state === 'done' ? results[report.route]?.(report, say) : null}
            {report.state === 'refused' ? refused[report.route]?.(report, say) : null}
          </div>
        ),
      }
    },
  })

function Progress({ report, say }: { readonly report: WorkReport; readonly say: Say }) {
  const { progress, state } = report
  const left =
    progress?.total && progress.perSecond ? Math.ceil((progress.total - progress.done) / progress.perSecond) : undefined
  return (
    <>
      {state === 'running' ? (
        <div role="status" aria-live="polite">
          <progress
            aria-label={progress?.what ?? say('排队', 'waiting')}
            {...(progress?.total ? { max: progress.total, value: progress.done } : {})}
          />
          <p>
            {progress === null ? (
              say('排队中', 'waiting for its turn')
            ) : (
              <>
                {progress.what} <Count of={progress.done} />
                {progress.total === null ? null : (
                  <>
                    {' / '}
                    <Count of={progress.total} />
                  </>
                )}
                {progress.perSecond === null ? null : (
                  <>
                    {'　'}
                    <Count of={progress.perSecond} />
                    {say('/秒', '/s')}
                  </>
                )}
                {left === undefined ? null : say(`　约剩 ${left} 秒`, `  about ${left} s left`)}
              </>
            )}
          </p>
          <p class="quiet">
            {say(
              '可以离开本页，办理继续；回来时从“办理进度”查看。',
              'You may leave; the work goes on and can be found again.',
            )}
          </p>
        </div>
      ) : null}
      <Facts
        of={[
          [say('开始', 'begun'), <Instant of={report.startedAt} />],
          [say('结束', 'ended'), report.endedAt === null ? '—' : <Instant of={report.endedAt} />],
        ]}
      />
    </>
  )
}
