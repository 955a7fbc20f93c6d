import { rollToWorkingDay } from '../calendars/calendar.rules.ts'
import { type CivilDate, plusDays } from '../kernel/calendar.ts'
import { present } from '../kernel/invariant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { refuseEnforcement } from './enforcement.refusals.ts'
import type { Matter } from './enforcement.ts'
import { type Entered, type StepField, stepKind } from './steps.ts'

/** Where service names what it is of: `order_served` stands for every step of service. */
type Service = Pick<Entered<'order_served'>, 'how' | 'to' | 'capacity' | 'witness' | 'authority' | 'consent' | 'ground'>

const whoMayTakeIt = {
  organisation: ['legal_representative', 'mail_receiver', 'agent'],
  individual: ['party', 'adult_family', 'agent'],
} as const

function fieldOf(name: keyof Service): StepField {
  const { fields } = stepKind('order_served')
  return present(
    fields.find((field) => field.name === name),
    'service has that field',
  )
}

/**
 * The day on which a document counts as served, or why this is no lawful service. Handed over, left in place, by mail, by
 * another authority and by consent electronically: the day of the receipt, of leaving it, of the return slip, of its
 * arrival. By public notice: when the days of the setting are over, rolled to a working day. Refuses what its way lacks:
 * nobody who took it, someone who may not, no witness or recording, no consent, no reason for a public notice.
 */
export function servedOn(
  service: Service,
  happenedOn: CivilDate,
  matter: Pick<Matter, 'party' | 'settings' | 'calendars'>,
): CivilDate | Refusal {
  const { how, capacity } = service
  const lacks = (field: keyof Service, needsZh: string, needsEn: string) => {
    const { zh: fieldZh, en: fieldEn } = fieldOf(field)
    return refuseEnforcement('service_incomplete', { field, fieldZh, fieldEn, needsZh, needsEn })
  }
  if (how !== 'public_notice' && service.to === undefined)
    return lacks('to', '受送达人或签收人的姓名', 'the name of who received it')
  if (how === 'direct' || how === 'mail' || how === 'entrusted') {
    if (capacity === undefined) return lacks('capacity', '签收人的身份', 'who took it')
    const allowed: readonly string[] = whoMayTakeIt[matter.party.isOrganisation ? 'organisation' : 'individual']
    if (!allowed.includes(capacity)) {
      const { zh: capacityZh, en: capacityEn } = present(
        fieldOf('capacity').choices?.find(({ value }) => value === capacity),
        'a capacity is one of its choices',
      )
      return refuseEnforcement('service_taken_by_other', { capacityZh, capacityEn })
    }
  }
  if (how === 'leaving' && service.witness === undefined)
    return lacks('witness', '见证人姓名、单位，或拍照录像的说明', 'the witnesses, or the recording made')
  if (how === 'entrusted' && service.authority === undefined)
    return lacks('authority', '受委托机关', 'the authority that served it')
  if (how === 'electronic' && service.consent === undefined)
    return lacks('consent', '当事人签订的同意电子送达确认书', 'the consent the party has signed')
  if (how !== 'public_notice') return happenedOn
  if (service.ground === undefined)
    return lacks('ground', '公告的原因和其他方式无法送达的经过', 'why, and which other ways failed')
  return rollToWorkingDay(plusDays(happenedOn, matter.settings.publicNoticeDays), matter.calendars)
}
