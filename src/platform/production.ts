/**
 * Whether this installation is in production: `QINGLIU_ENV` says `production`, in any letters, or says nothing while
 * `NODE_ENV` does, as most places where programs are deployed set it.
 */
export function isProduction(environment: Readonly<Record<string, string | undefined>> = process.env): boolean {
  const said = environment['QINGLIU_ENV']?.trim() || environment['NODE_ENV']
  return said?.trim().toLowerCase() === 'production'
}
