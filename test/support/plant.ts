import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { civilDate, feeMonth, firstDay, lastDay, plusDays } from '../../src/kernel/calendar.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { addOrganisation } from '../../src/platform/add-organisation.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import type { Services } from '../../src/platform/command.ts'
import type { Connection } from '../../src/platform/database.ts'
import type { Role } from '../../src/platform/staff.ts'
import { approveConcession } from '../../src/settlement/approve-concession.ts'
import { claimServiceFee } from '../../src/settlement/claim-service-fee.ts'
import type { ConcessionTerms, EnteredConcession } from '../../src/settlement/concession.ts'
import { importPlantDays } from '../../src/settlement/import-plant-days.ts'
import { proposeConcession } from '../../src/settlement/propose-concession.ts'
import { approveClaim, payClaim, reconcileClaim, reviewClaim } from '../../src/settlement/take-step.ts'
import { servicesOn } from './databases.ts'
import { by, done, openOffice } from './office.ts'

const people: readonly (readonly [code: string, organisation: string, role: Role])[] = [
  ['plant-operator', 'plant', 'plant_operator'],
  ['plant-operator-2', 'plant', 'plant_operator'],
  ['other-plant-operator', 'other-plant', 'plant_operator'],
  ['brigade', 'brigade', 'brigade_officer'],
  ['finance', 'finance', 'finance_officer'],
  ['finance-2', 'finance', 'finance_officer'],
]

const open = { from: '2026-01-01', until: null }
/** The agreement of the worked example (domain 4.14) with one indicator; every silent point is stated. */
export const exampleTerms: ConcessionTerms = {
  designM3PerDay: '10000',
  dailyCap: '1.3',
  prices: [{ ...open, perM3: '1.48' }],
  guarantee: { basis: 'month', daysOutOfCompliance: 'kept', shares: [{ ...open, share: '0.60' }] },
  overVolume: null,
  indicators: [
    {
      code: 'cod',
      min: null,
      max: '50',
      measured: 'every_day',
      steps: [
        { from: '0', unpaidShare: '0.5', deduction: '0.00' },
        { from: '0.5', unpaidShare: '1', deduction: '5000.00' },
      ],
    },
  ],
  severalIndicators: 'largest',
  reward: null,
}

export interface DayRow {
  readonly m3: string
  readonly cod?: string
  readonly inflow?: string
}

/** An office with two plants, a brigade and finance, for what follows from an agreement. Ordinary commands, by their people. */
export class PlantTown {
  #today: string
  #files = 0
  readonly #connection: Connection
  readonly #folder = mkdtempSync(join(tmpdir(), 'qingliu-plant-'))

  static async found(connection: Connection, today = '2026-01-02'): Promise<PlantTown> {
    const town = new PlantTown(connection, today)
    await openOffice(town.services)
    await town.settle()
    return town
  }

  constructor(connection: Connection, today: string) {
    this.#connection = connection
    this.#today = today
  }

  /** Adds the plants, the brigade and finance to an office that is there. */
  async settle(): Promise<void> {
    for (const [code, name, kind] of [
      ['plant', '示例污水处理厂', 'plant'],
      ['other-plant', '示例第二污水处理厂', 'plant'],
      ['brigade', '综合执法大队', 'brigade'],
      ['finance', '财政局', 'finance'],
    ] as const) {
      // A town may have its finance already.
      const added = await addOrganisation(this.services, by('admin'), { code, name, kind })
      if (isRefusal(added) && added.code !== 'organisation_code_taken') throw new Error(added.sentence('en'))
    }
    for (const [code, organisationCode, role] of people)
      await done(addStaff(this.services, by('admin'), { code, name: `示例${code}`, organisationCode, roles: [role] }))
  }

  get services(): Services {
    return servicesOn(this.#connection, this.#today)
  }
  on(today: string): void {
    this.#today = today
  }
  leave(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  agreement(terms: Partial<ConcessionTerms> = {}, more: Partial<EnteredConcession> = {}): EnteredConcession {
    return {
      plant: 'plant',
      code: 'TX-2026',
      title: '示例特许经营协议',
      document: '示例合同〔2026〕1号',
      validFrom: '2026-01-01',
      terms: { ...exampleTerms, ...terms },
      ...more,
    }
  }

  async putInForce(entered: EnteredConcession = this.agreement()): Promise<void> {
    const { proposalId } = await done(proposeConcession(this.services, by('clerk'), entered))
    await done(approveConcession(this.services, by('approver'), { proposalId }))
  }

  /** A file of the plant, as text. */
  file(lines: readonly string[], name = 'days'): string {
    this.#files += 1
    const path = join(this.#folder, `${name}-${this.#files}.csv`)
    writeFileSync(path, [`第 ${this.#files} 次导出`, ...lines].join('\n'))
    return path
  }

  /** The days of a month, the same but for those named by their day of the month. */
  monthFile(month: string, usual: DayRow, others: Readonly<Record<number, DayRow>> = {}): string {
    const lines = ['日期,处理水量(m³),进水量,出水COD(mg/L)']
    const last = lastDay(feeMonth(month))
    for (let day = firstDay(feeMonth(month)); day <= last; day = plusDays(day, 1)) {
      const { m3, cod = '30', inflow = '' } = others[Number(day.slice(8))] ?? usual
      lines.push([day, m3, inflow, cod].join(','))
    }
    return this.file(lines, month)
  }

  async bring(path: string, as = 'plant-operator') {
    return done(importPlantDays(this.services, by(as), { plantCode: 'plant', path }))
  }

  async claim(month: string) {
    return done(claimServiceFee(this.services, by('plant-operator'), { plant: 'plant', month: feeMonth(month) }))
  }

  /** Review and approval by the people whose turn it is. */
  async approve({ number, digest }: { readonly number: string; readonly digest: string }): Promise<void> {
    await done(reviewClaim(this.services, by('brigade'), { number, digestSeen: digest }))
    await done(approveClaim(this.services, by('approver'), { number, digestSeen: digest }))
  }

  /** Payment and its check, both on the day the town is at. */
  async pay({ number, payable }: { readonly number: string; readonly payable: string }): Promise<void> {
    const on = civilDate(this.#today)
    await done(payClaim(this.services, by('finance'), { number, amount: payable, on, reference: `PZ-${number}` }))
    await done(
      reconcileClaim(this.services, by('finance-2'), { number, amount: payable, on, reference: `DZ-${number}` }),
    )
  }
}
