import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from './command.ts'
import type { Trx } from './database.ts'
import { refusePlatform } from './platform.refusals.ts'
import type { Json } from './platform.tables.ts'
import { isSettingName, parseSetting, settingNames } from './settings.ts'

export interface SettingChange {
  readonly name: string
  /** As a person writes it: `10`, `0.05`, `true`. */
  readonly value: string
  /** The document or decision the value rests on. */
  readonly citation: string
}

/** Sets one setting from now on. Refuses an unknown name, a value outside its rule and a change without a citation. */
export async function setSetting(
  services: Services,
  envelope: Envelope,
  change: SettingChange,
): Promise<CommandAnswer<{ name: string; value: Json; citation: string }> | Refusal> {
  const { name, citation } = change
  return runCommand(
    services,
    envelope,
    { name: 'platform.set-setting', zh: '修改设置' },
    { ...change },
    async ({ trx, commandId, recordedAt }) => {
      if (!isSettingName(name)) return refusePlatform('setting_unknown', { name, known: settingNames.join('、') })
      const value = parseSetting(name, change.value)
      if (isRefusal(value)) return value
      if (citation.trim() === '') return refusePlatform('setting_needs_citation', { name })
      await insertSetting(trx, { name, value, citation: citation.trim(), commandId, recordedAt })
      return { name, value, citation: citation.trim() }
    },
  )
}

/** Stores a checked value. */
export async function insertSetting(
  trx: Trx,
  setting: { name: string; value: Json; citation: string; commandId: string; recordedAt: Date },
): Promise<void> {
  await trx
    .insertInto('settings')
    .values({
      name: setting.name,
      value: JSON.stringify(setting.value),
      citation: setting.citation,
      command_id: setting.commandId,
      recorded_at: setting.recordedAt,
    })
    .execute()
}
