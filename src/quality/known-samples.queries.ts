import { findOutlets, knownDischargerCodes } from '../dischargers/outlet.queries.ts'
import type { CommandContext } from '../platform/command.ts'
import { type Role, roleNames } from '../platform/staff.ts'
import { listPollutants, listSamples } from './quality.queries.ts'
import type { SampleSource } from './sample.ts'
import { type KnownOfSamples, type StatedRow, sampleText } from './sample-row.rules.ts'

/** Who may enter samples of a source: the plant what it and its laboratories found, the ecology bureau its supervision. */
export const sourceRoles: Record<SampleSource, readonly Role[]> = {
  plant: ['plant_operator', 'bureau_clerk'],
  qualified_body: ['plant_operator', 'ecology_officer', 'brigade_officer', 'bureau_clerk'],
  online: ['plant_operator', 'ecology_officer', 'bureau_clerk'],
  supervision: ['ecology_officer', 'brigade_officer'],
}

/** What rows are judged by: read at once for all of them. */
export async function knownOfSamples(context: CommandContext, rows: readonly StatedRow[]): Promise<KnownOfSamples> {
  const { trx, actor, today } = context
  const codes = [...new Set(rows.map(({ dischargerCode }) => dischargerCode))].filter((code) => code !== '')
  const numbers = [...new Set(rows.map(({ sampleNo }) => sampleNo))].filter((number) => number !== '')
  const pollutants = await listPollutants(trx)
  const outlets = await findOutlets(trx, { dischargerCodes: codes })
  const dischargerCodes = await knownDischargerCodes(trx, codes)
  const samples = await listSamples(trx, { sampleNos: numbers })
  const stored = new Map(
    samples.map((sample) => {
      const { outletNo, dischargerCode } = sample.outlet
      return [
        `${sample.body}\n${sample.sampleNo}`,
        { sampleId: sample.sampleId, text: sampleText({ ...sample, dischargerCode, outletNo }) },
      ]
    }),
  )
  return {
    today,
    pollutants,
    outlets,
    dischargerCodes,
    maySource: (source) => sourceRoles[source].some((role) => actor.roles.includes(role)),
    rolesOf: (source) => sourceRoles[source].map((role) => roleNames[role].zh).join('、'),
    stored: (body, sampleNo) => stored.get(`${body}\n${sampleNo}`),
  }
}
