import { z } from 'zod'

const during = { from: z.string(), until: z.string().nullable() }
/** What an agreement must say, by file and by request. */
export const concessionShape = z.strictObject({
  plant: z.string(),
  code: z.string(),
  title: z.string(),
  document: z.string(),
  validFrom: z.string(),
  terms: z.strictObject({
    designM3PerDay: z.string(),
    dailyCap: z.string().nullable(),
    prices: z.array(z.strictObject({ ...during, perM3: z.string() })),
    guarantee: z
      .strictObject({
        basis: z.enum(['day', 'month', 'year']),
        daysOutOfCompliance: z.enum(['kept', 'left_out']),
        shares: z.array(z.strictObject({ ...during, share: z.string() })),
      })
      .nullable(),
    overVolume: z.array(z.strictObject({ ...during, aboveShare: z.string(), perM3: z.string() })).nullable(),
    indicators: z.array(
      z.strictObject({
        code: z.string(),
        min: z.string().nullable(),
        max: z.string().nullable(),
        measured: z.enum(['every_day', 'when_given']),
        steps: z.array(z.strictObject({ from: z.string(), unpaidShare: z.string(), deduction: z.string() })),
      }),
    ),
    severalIndicators: z.enum(['largest', 'sum']),
    reward: z
      .strictObject({
        perM3: z.string(),
        limits: z.array(z.strictObject({ code: z.string(), max: z.string() })),
      })
      .nullable(),
  }),
})

/** An agreement in which every field stands, to be filled in; the figures are the worked example's. */
export const concessionTemplate: z.infer<typeof concessionShape> = {
  plant: 'plant',
  code: 'TX-2025',
  title: '工业污水处理厂特许经营协议',
  document: '协议文号或合同编号',
  validFrom: '2025-01-01',
  terms: {
    designM3PerDay: '10000',
    dailyCap: '1.3',
    prices: [{ from: '2025-01-01', until: null, perM3: '1.48' }],
    guarantee: {
      basis: 'month',
      daysOutOfCompliance: 'left_out',
      shares: [{ from: '2025-01-01', until: null, share: '0.60' }],
    },
    overVolume: null,
    indicators: [
      {
        code: 'cod',
        min: null,
        max: '50',
        measured: 'every_day',
        steps: [
          { from: '0', unpaidShare: '0.2', deduction: '0.00' },
          { from: '0.5', unpaidShare: '1', deduction: '5000.00' },
        ],
      },
    ],
    severalIndicators: 'largest',
    reward: null,
  },
}
