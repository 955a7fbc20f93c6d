import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { pollutantNamed } from './pollutant.ts'
import { listPollutants } from './quality.queries.ts'
import { refuseQuality } from './quality.refusals.ts'
import { qualityTables } from './quality.tables.ts'

/** Lists a further pollutant. Refuses a code or name that already names one. */
export async function addPollutant(
  services: Services,
  envelope: Envelope,
  entered: {
    readonly code: string
    readonly zh: string
    readonly en: string
    readonly aliases: readonly string[]
    readonly unit: string
    readonly firstClass: boolean
  },
): Promise<CommandAnswer<{ code: string; zh: string; unit: string }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'quality.add-pollutant', zh: '增加污染物' },
    { ...entered },
    async ({ trx, commandId }) => {
      const { code, firstClass } = entered
      const [zh, en, unit] = [entered.zh.trim(), entered.en.trim(), entered.unit.trim()]
      const aliases = entered.aliases.map((alias) => alias.trim()).filter((alias) => alias !== '')
      if (!/^[a-z0-9_]{1,40}$/.test(code) || zh === '' || en === '' || unit === '')
        return refuseQuality('pollutant_malformed', { code })
      const known = await listPollutants(trx)
      for (const name of [code, zh, ...aliases]) {
        const other = pollutantNamed(known, name)
        if (other !== undefined) return refuseQuality('pollutant_taken', { name, code: other.code, zh: other.zh })
      }
      await qualityTables(trx)
        .insertInto('pollutants')
        .values({ code, name_zh: zh, name_en: en, aliases, unit, first_class: firstClass, command_id: commandId })
        .execute()
      return { code, zh, unit }
    },
  )
}
