import type { Child } from 'hono/jsx'
import { ButtonLink, State } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import type { Right } from './rights.ts'

/** A term of the law in large type, what it means, and the button to use it. */
export function Term({ right, of, say }: { readonly right: Right; readonly of?: Child; readonly say: Say }) {
  const { title, until, daysLeft, said, clause, form, tone } = right
  return (
    <section class={`term ${tone}`}>
      <h2>{title}</h2>
      {until === null ? null : (
        <p class="deadline">
          {until}
          {daysLeft === undefined ? null : <span>{leftWords(daysLeft, say)}</span>}
        </p>
      )}
      {said === '' ? null : <p>{said}</p>}
      <p class="quiet">
        {of === undefined ? null : <>{of} · </>}
        {clause}
      </p>
      {form === undefined ? null : (
        <p class="buttons">
          <ButtonLink href={form.href}>{form.words}</ButtonLink>
        </p>
      )}
    </section>
  )
}

function leftWords(days: number, say: Say): string {
  if (days < 0) return say(`已过 ${-days} 天`, `${-days} days ago`)
  return days === 0 ? say('今天截止', 'ends today') : say(`还有 ${days} 天`, `${days} days left`)
}

/** How a bill stands for its payer: a word with its shape. */
export function BillState({
  row,
  today,
  say,
}: {
  readonly row: {
    readonly cancelled: boolean
    readonly outstanding: string | null
    readonly total: string
    readonly dueOn: string
  }
  readonly today: string
  readonly say: Say
}) {
  const { tone, word } = billStateOf(row, today, say)
  return <State tone={tone}>{word}</State>
}

export function billStateOf(
  row: {
    readonly cancelled: boolean
    readonly outstanding: string | null
    readonly total: string
    readonly dueOn: string
  },
  today: string,
  say: Say,
) {
  if (row.cancelled) return { tone: 'plain', word: say('已红冲', 'cancelled') } as const
  if (row.outstanding === null) return { tone: 'plain', word: say('无须缴费', 'nothing to pay') } as const
  if (/^0+\.00$/.test(row.outstanding)) return { tone: 'settled', word: say('已缴', 'paid') } as const
  if (row.dueOn < today) return { tone: 'overdue', word: say('逾期', 'overdue') } as const
  return row.outstanding === row.total
    ? ({ tone: 'waiting', word: say('待缴', 'to pay') } as const)
    : ({ tone: 'waiting', word: say('部分缴', 'part-paid') } as const)
}
