import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addCollector } from '../../src/dischargers/add-collector.ts'
import { addPriceCategory } from '../../src/dischargers/add-price-category.ts'
import { importRegistry, type RegistryImportAnswer } from '../../src/dischargers/import-registry.ts'
import { registerDischarger } from '../../src/dischargers/register-discharger.ts'
import { type RegistryKind, registryFiles, registryTitles } from '../../src/dischargers/registry.ts'
import { signAgreement } from '../../src/dischargers/sign-agreement.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { creditCodeWithCheck } from '../../src/kernel/credit-code.ts'
import type { Services } from '../../src/platform/command.ts'
import type { Connection } from '../../src/platform/database.ts'
import { servicesOn } from '../support/databases.ts'
import { by, done, openOffice } from '../support/office.ts'

export const day = civilDate

/** A credit code that is sound, the more digits of a number the better told apart. */
export function creditCode(number: number): string {
  return creditCodeWithCheck(`91360700MA${String(number).padStart(7, '0')}`)
}

/** An office with two collectors and two price categories, and a folder for its files. */
export class Registry {
  readonly services: Services
  readonly folder = mkdtempSync(join(tmpdir(), 'qingliu-registry-'))
  #files = 0

  private constructor(services: Services) {
    this.services = services
  }

  static async found(connection: Connection, today = '2026-04-20'): Promise<Registry> {
    const registry = new Registry(servicesOn(connection, today))
    const { services } = registry
    await openOffice(services)
    for (const code of ['water', 'other']) {
      await done(addCollector(services, by('clerk'), { code, name: `示例供水公司${code}` }))
    }
    await done(addPriceCategory(services, by('clerk'), { code: 'R', nameZh: '居民', nameEn: 'resident' }))
    await done(addPriceCategory(services, by('clerk'), { code: 'NR', nameZh: '非居民', nameEn: 'non-resident' }))
    return registry
  }

  leave(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** A resident. */
  async resident(code: string): Promise<void> {
    const entry = { code, name: `示例用户${code}`, kind: 'resident', productIsMainlyWater: false } as const
    await done(registerDischarger(this.services, by('clerk'), entry))
  }

  /** An enterprise, with an agreement in force from a day where one is given. */
  async enterprise(code: string, number: number, agreementFrom?: string): Promise<void> {
    const entry = { code, name: `示例企业${code}`, kind: 'enterprise', productIsMainlyWater: false } as const
    await done(registerDischarger(this.services, by('clerk'), { ...entry, creditCode: creditCode(number) }))
    if (agreementFrom === undefined) return
    const from = day(agreementFrom)
    await done(
      signAgreement(this.services, by('clerk'), {
        agreementNo: `XY-${code}`,
        dischargerCode: code,
        signedOn: from,
        from,
      }),
    )
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  text(name: string): string {
    return readFileSync(this.path(name), 'utf8').replace(/^\uFEFF/, '')
  }

  /** Writes a file of lines; without a header of its own it gets that of the kind. */
  file(kind: RegistryKind, lines: readonly string[], header = registryTitles(kind).join(',')): string {
    this.#files += 1
    const path = this.path(`${kind}-${this.#files}.csv`)
    writeFileSync(path, `\uFEFF${[header, ...lines].join('\r\n')}\r\n`)
    return path
  }

  outcome(kind: RegistryKind, path: string) {
    const collector = registryFiles[kind].ofCollector ? { collectorCode: 'water' } : {}
    return importRegistry(this.services, by('clerk'), { kind, path, ...collector })
  }

  async take(kind: RegistryKind, lines: readonly string[], header?: string): Promise<RegistryImportAnswer> {
    return done(this.outcome(kind, this.file(kind, lines, header)))
  }
}
