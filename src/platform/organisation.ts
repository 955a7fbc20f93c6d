/** The bodies that take part, after arts. 2, 10, 11, 13 and 15 of the Measures. */
export const organisationKinds = [
  'water_company',
  'bureau',
  'brigade',
  'plant',
  'finance',
  'ecology',
  'audit',
  'enterprise',
] as const
export type OrganisationKind = (typeof organisationKinds)[number]

export const organisationKindNames: Record<OrganisationKind, { readonly zh: string; readonly en: string }> = {
  water_company: { zh: '供水公司', en: 'water company' },
  bureau: { zh: '城管局', en: 'bureau' },
  brigade: { zh: '综合执法大队', en: 'brigade' },
  plant: { zh: '污水处理厂', en: 'treatment plant' },
  finance: { zh: '财政局', en: 'finance' },
  ecology: { zh: '生态环境局', en: 'ecology bureau' },
  audit: { zh: '审计', en: 'audit' },
  enterprise: { zh: '排污企业', en: 'enterprise' },
}
