/** Indicators of a plant's effluent that files carry and agreements limit (the basic items of GB 18918). */
export const indicators = {
  cod: { zh: '化学需氧量', en: 'COD', unit: 'mg/L', columns: ['COD', 'CODcr', '化学需氧量'] },
  bod5: { zh: '五日生化需氧量', en: 'BOD5', unit: 'mg/L', columns: ['BOD5', 'BOD', '五日生化需氧量', '生化需氧量'] },
  ss: { zh: '悬浮物', en: 'SS', unit: 'mg/L', columns: ['SS', '悬浮物'] },
  ammonia: { zh: '氨氮', en: 'NH3-N', unit: 'mg/L', columns: ['氨氮', 'NH3-N', 'NH4-N'] },
  total_nitrogen: { zh: '总氮', en: 'TN', unit: 'mg/L', columns: ['总氮', 'TN'] },
  total_phosphorus: { zh: '总磷', en: 'TP', unit: 'mg/L', columns: ['总磷', 'TP'] },
  ph: { zh: 'pH', en: 'pH', unit: '', columns: ['pH', 'pH值'] },
  colour: { zh: '色度', en: 'colour', unit: '倍', columns: ['色度'] },
} as const

export type IndicatorCode = keyof typeof indicators
export const indicatorCodes = Object.keys(indicators) as IndicatorCode[]

export function isIndicator(code: string): code is IndicatorCode {
  return Object.hasOwn(indicators, code)
}
