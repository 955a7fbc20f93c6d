import { moneyText } from '../../kernel/money.ts'
import { text } from '../http/fields.ts'
import { type PageRoute, page } from '../pages/page-route.ts'
import { Amount, Code, Facts, Notice, State } from '../pages/parts.tsx'
import type { Say } from '../pages/say.ts'
import { type CheckedPaper, checkPaper, type PaperCheck } from './check-paper.ts'
import { dateInChinese } from './fill-template.ts'

const title = { zh: '文书核验', en: 'check a paper' }

/** Where the QR code of a paper leads: for anybody, signed in or not. */
export function checkPages(checks: readonly PaperCheck[]): readonly PageRoute[] {
  return [
    page('/check/{paper}', {
      title,
      permits: undefined,
      params: { paper: text(60) },
      query: { code: text(40).optional() },
      show: async ({ services: { db, clock }, params: { paper }, query: { code }, say }) => {
        const asked = { paper, code: code ?? '', today: clock.today() }
        const found = code === undefined ? undefined : await checkPaper(db, asked, checks)
        return {
          title: say(title),
          body:
            found !== undefined ? (
              <Paper of={found} say={say} />
            ) : (
              <>
                {code === undefined ? null : (
                  <Notice tone="overdue">
                    {say(
                      '没有相符的文书：编号与核验码不相符。请对照文书核对；仍不相符的，请向出具机关查证，勿据以付款。',
                      'No such paper: the number and the code do not belong together. Compare them with the paper; if they still differ, ask the authority that issued it and do not pay on it.',
                    )}
                  </Notice>
                )}
                <CodeForm say={say} />
              </>
            ),
        }
      },
    }),
  ]
}

function Paper({ of, say }: { readonly of: CheckedPaper; readonly say: Say }) {
  const { what, number, state, stands, issuedOn, amount, dueOn, payer } = of
  const day = (date: string) => (say.language === 'zh' ? dateInChinese(date as typeof issuedOn) : date)
  return (
    <>
      <p>
        {say(
          '本页所示与文书不一致的，以本页为准，并请向出具机关查证。',
          'Where the paper says something else, this page is right; please tell the authority.',
        )}
      </p>
      <Facts
        of={[
          [say('文书', 'paper'), say(what)],
          [say('编号', 'number'), <Code of={number} />],
          [say('状态', 'state'), <State tone={stands ? 'settled' : 'overdue'}>{say(state)}</State>],
          [say('出具日期', 'issued on'), day(issuedOn)],
          [say('金额（元）', 'amount (yuan)'), <Amount of={moneyText(amount)} />],
          [
            say('缴费期限', 'due on'),
            dueOn === null
              ? say('无须缴费或尚未确定', 'nothing to pay, or not yet known')
              : say(`${day(dueOn)}（含当日）`, `${dueOn} (inclusive)`),
          ],
          [say('缴纳义务人', 'payer'), payer],
        ]}
      />
    </>
  )
}

function CodeForm({ say }: { readonly say: Say }) {
  return (
    <form method="get">
      <label for="code">{say('文书上的核验码', 'the code on the paper')}</label>
      <input id="code" name="code" maxlength={40} autocomplete="off" required />
      <button type="submit">{say('核验', 'check')}</button>
    </form>
  )
}
