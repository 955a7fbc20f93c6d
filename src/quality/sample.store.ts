import { sql } from 'kysely'
import { plainText } from '../kernel/decimal.ts'
import type { ImportId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import type { CommandContext } from '../platform/command.ts'
import type { Trx } from '../platform/database.ts'
import { qualityTables } from './quality.tables.ts'
import type { SampleToStore } from './sample-row.rules.ts'

/**
 * Lets commands about samples and referrals follow one another: what one has judged by still holds when it writes. They
 * are rare, and reading goes on meanwhile.
 */
export async function lockSamples(trx: Trx): Promise<void> {
  await sql`lock table samples in share row exclusive mode`.execute(trx)
}

const samplesPerInsert = 500

/** Stores samples with their results; the database refuses a body's number a second time by itself. Answers their ids. */
export async function insertSamples(
  context: CommandContext,
  samples: readonly SampleToStore[],
  more: { readonly importId: ImportId | null; readonly evidenceDigest: string | null },
): Promise<string[]> {
  const tables = qualityTables(context.trx)
  const ids: string[] = []
  for (let start = 0; start < samples.length; start += samplesPerInsert) {
    const part = samples.slice(start, start + samplesPerInsert)
    const stored = await tables
      .insertInto('samples')
      .values(
        part.map(({ sample, outletId }) => ({
          outlet_id: outletId,
          body: sample.body,
          sample_no: sample.sampleNo,
          source: sample.source,
          certificate_no: sample.certificateNo,
          taken_on: sample.takenOn,
          taken_at: sample.takenAt === '' ? null : sample.takenAt,
          sampler: sample.sampler,
          day_volume_m3: sample.dayVolumeM3 === '' ? null : sample.dayVolumeM3,
          report_no: sample.reportNo,
          evidence_digest: more.evidenceDigest,
          import_id: more.importId,
          command_id: context.commandId,
          recorded_at: context.recordedAt,
        })),
      )
      .returning(['id', 'body', 'sample_no'])
      .execute()
    const idOf = new Map(stored.map(({ id, body, sample_no }) => [`${body}\n${sample_no}`, id]))
    await tables
      .insertInto('sample_results')
      .values(
        part.flatMap(({ sample }) =>
          sample.results.map(({ pollutant, finding, unit, method }) => ({
            sample_id: present(idOf.get(`${sample.body}\n${sample.sampleNo}`), 'an inserted sample has its id'),
            pollutant,
            measured: finding.kind === 'measured' ? plainText(finding.value) : null,
            detection_limit: finding.kind === 'below' ? plainText(finding.detectionLimit) : null,
            unit,
            method,
          })),
        ),
      )
      .execute()
    ids.push(...stored.map(({ id }) => id))
  }
  return ids
}
