import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { type Evidence, storeEvidence } from '../platform/scanned-paper.ts'
import { knownOfSamples } from './known-samples.queries.ts'
import { judgeSamples, listReferrals, listSamples, type Sample } from './quality.queries.ts'
import { refuseQuality } from './quality.refusals.ts'
import { qualityTables } from './quality.tables.ts'
import { saySampleReason } from './sample.reasons.ts'
import { insertSamples, lockSamples } from './sample.store.ts'
import { sourceNames } from './sample.ts'
import { judgeRows, type StatedRow } from './sample-row.rules.ts'

/** A sample as a person enters it: what all its results share, and each result as its laboratory writes it. */
export type EnteredSample = Omit<
  StatedRow,
  'rowNo' | 'pollutant' | 'result' | 'unit' | 'detectionLimit' | 'method' | 'faults'
> & {
  readonly results: readonly Pick<StatedRow, 'pollutant' | 'result' | 'unit' | 'detectionLimit' | 'method'>[]
}

export type RecordedSample = {
  readonly sampleId: string
  readonly sampleNo: string
  readonly results: number
  /** Results above a limit of their day. */
  readonly exceeds: number
  /** The sample was stored before, word for word. */
  readonly unchanged: boolean
}

/**
 * Stores one sample with its results and the report it rests on. Refuses what a row of a file is rejected for, all of it
 * at once, and another sample of that body and number.
 */
export async function recordSample(
  services: Services,
  envelope: Envelope,
  entered: EnteredSample,
  evidence?: Evidence,
): Promise<CommandAnswer<RecordedSample> | Refusal> {
  const { results, ...head } = entered
  return runCommand(
    services,
    envelope,
    { name: 'quality.record-sample', zh: '登记样品' },
    { ...plainHead(head), results: results.map((each) => ({ ...each })), evidence: evidence?.digest ?? null },
    async (context) => {
      const rows = results.map((result, index): StatedRow => ({ ...head, ...result, rowNo: index + 1, faults: [] }))
      const sample = entered.sampleNo
      if (rows.length === 0) return refuseQuality('quality_reason_missing', { field: '结果 result' })
      await lockSamples(context.trx)
      const { reasons, samples, unchanged } = judgeRows(rows, await knownOfSamples(context, rows))
      if (reasons.size > 0) {
        const all = [...reasons.values()].flat().filter(({ code }) => code !== 'sample_incomplete')
        const say = (language: 'zh' | 'en') => {
          const said = all.map((reason) => saySampleReason(reason, language))
          return [...new Set(said.map(({ cause, remedy }) => `${cause}${language === 'en' ? ' ' : ''}${remedy}`))].join(
            ' ',
          )
        }
        return refuseQuality('sample_faulty', { sample: sample || '—', reasonsZh: say('zh'), reasonsEn: say('en') })
      }
      if (unchanged > 0) {
        const known = (await listSamples(context.trx, { sampleNos: [sample] })).find(
          ({ body }) => body === entered.body,
        )
        return { sampleId: known?.sampleId ?? '', sampleNo: sample, results: 0, exceeds: 0, unchanged: true }
      }
      await storeEvidence(context, evidence)
      const [sampleId = ''] = await insertSamples(context, samples, {
        importId: null,
        evidenceDigest: evidence?.digest ?? null,
      })
      const judged = await judgeSamples(context.trx, await listSamples(context.trx, { sampleId }))
      const exceeds = judged.filter((each) => each.judged.verdict === 'exceeds').length
      return { sampleId, sampleNo: sample, results: results.length, exceeds, unchanged: false }
    },
  )
}

const plainHead = ({ takenOn, ...head }: Omit<EnteredSample, 'results'>) => ({ ...head, takenOn: takenOn ?? null })

/**
 * Withdraws a mistaken sample: it stays, and counts no more. Refuses an unknown or withdrawn one, one that was referred,
 * and a person who could not have entered it.
 */
export async function withdrawSample(
  services: Services,
  envelope: Envelope,
  withdrawal: { readonly sampleId: string; readonly reason: string },
): Promise<CommandAnswer<{ sampleId: string; sampleNo: string }> | Refusal> {
  const { sampleId } = withdrawal
  const reason = withdrawal.reason.trim()
  return runCommand(
    services,
    envelope,
    { name: 'quality.withdraw-sample', zh: '撤回样品' },
    { sampleId, reason },
    async (context) => {
      if (reason === '') return refuseQuality('quality_reason_missing', { field: '原因 reason' })
      await lockSamples(context.trx)
      const sample = await standingSample(context.trx, sampleId)
      if (isRefusal(sample)) return sample
      const { sampleNo, source } = sample
      const known = await knownOfSamples(context, [])
      if (!known.maySource(source)) {
        const roles = known.rolesOf(source)
        return refuseQuality('sample_source_forbidden', {
          actor: context.actor.name,
          sourceZh: sourceNames[source].zh,
          sourceEn: sourceNames[source].en,
          rolesZh: roles,
          rolesEn: roles,
        })
      }
      const [referral] = await listReferrals(context.trx, { matters: [{ kind: 'sample', id: sampleId }] })
      if (referral !== undefined) return refuseQuality('sample_referred', { sample: sampleNo, number: referral.number })
      await qualityTables(context.trx)
        .insertInto('sample_withdrawals')
        .values({ sample_id: sampleId, reason, command_id: context.commandId })
        .execute()
      return { sampleId, sampleNo }
    },
  )
}

/** A sample that counts. Refuses an unknown number and one that was withdrawn. */
export async function standingSample(
  db: Parameters<typeof listSamples>[0],
  sampleId: string,
): Promise<Sample | Refusal> {
  const [sample] = /^\d{1,18}$/.test(sampleId) ? await listSamples(db, { sampleId }) : []
  if (sample === undefined) return refuseQuality('sample_missing', { sample: sampleId })
  if (sample.withdrawn !== undefined)
    return refuseQuality('sample_withdrawn', { sample: sample.sampleNo, reason: sample.withdrawn })
  return sample
}
