import fc from 'fast-check'

/**
 * The same cases in every run, so that a change is judged by itself and not by luck; `QINGLIU_SEED` tries others.
 */
fc.configureGlobal({ seed: Number(process.env['QINGLIU_SEED'] ?? '20260403') })
