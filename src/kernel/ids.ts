declare const idBrand: unique symbol
/** A row's key. PostgreSQL's bigint arrives as text on every driver; it is never computed with. */
export type Id<Of extends string> = string & { readonly [idBrand]: Of }

export type StaffId = Id<'staff'>
export type OrganisationId = Id<'organisation'>
export type DischargerId = Id<'discharger'>
export type AccountId = Id<'account'>
export type CollectorId = Id<'collector'>
export type InstallationId = Id<'installation'>
export type MeterReadingId = Id<'meter-reading'>
export type ImportId = Id<'import'>
export type RateScheduleId = Id<'rate-schedule'>
export type RosterVersionId = Id<'roster-version'>
export type BillRunId = Id<'bill-run'>
export type BillId = Id<'bill'>
export type PaymentId = Id<'payment'>
export type AllocationId = Id<'allocation'>
export type RemittanceId = Id<'remittance'>
export type VoucherId = Id<'voucher'>
export type FeeClaimId = Id<'fee-claim'>
export type ReconciliationId = Id<'reconciliation'>
export type SettlementId = Id<'settlement'>
