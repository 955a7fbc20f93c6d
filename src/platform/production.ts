/**
 * Whether this installation is in production: `QINGLIU_ENV` says anything but `development` or `test`, in any letters,
 * so that a word that nobody here knows (`prod`, `staging`) is strict; or it says nothing while `NODE_ENV` says
 * `production`, as most places where programs are deployed set it.
 */
export function isProduction(environment: Readonly<Record<string, string | undefined>> = process.env): boolean {
  const said = environment['QINGLIU_ENV']?.trim().toLowerCase()
  if (said) return !['development', 'test'].includes(said)
  return environment['NODE_ENV']?.trim().toLowerCase() === 'production'
}
