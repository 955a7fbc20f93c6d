import { randomUUID } from 'node:crypto'
import type { FilesOfRequests } from '../http/route.ts'

/** What was typed into a form that could not be taken in, by the names of its fields: no secret and no file. */
export interface TypedForm {
  /** The id the form was rendered with: sent once more it is the same command. */
  readonly id: string
  /** Rows checked in a list, with which a form opens. */
  readonly fromList: boolean
  readonly typed: Readonly<Record<string, string>>
}

interface KeptForm extends TypedForm {
  /** The staff code of who typed it: nobody else is shown it. */
  readonly typedBy: string
  readonly path: string
  readonly keptAt: number
}

/** The name in an address under which a form is found again. */
export const keptFormName = '_typed'

/** Long enough to sign in with a phone that must be fetched first. */
const keptMinutes = 60
const sizeLimit = 256 * 1024

const keyOf = (token: string): string => `typed form\n${token}`

/**
 * Keeps what somebody typed and answers the address that shows it again, to them alone. `undefined` where it is too much
 * to be kept.
 */
export async function keepForm(
  files: FilesOfRequests,
  url: URL,
  typedBy: string,
  form: TypedForm,
  now: Date,
): Promise<string | undefined> {
  const kept: KeptForm = { ...form, typedBy, path: url.pathname, keptAt: now.getTime() }
  const written = new TextEncoder().encode(JSON.stringify(kept))
  if (written.byteLength > sizeLimit) return undefined
  const token = randomUUID()
  await files.keep(keyOf(token), new File([written], 'form.json'))
  const again = new URL(url)
  again.searchParams.set(keptFormName, token)
  return again.pathname + again.search
}

/** What this person typed into the form at an address; `undefined` where it was another's, is too old, or is gone. */
export async function findKeptForm(
  files: FilesOfRequests | undefined,
  url: URL,
  person: string,
  now: Date,
): Promise<TypedForm | undefined> {
  const token = url.searchParams.get(keptFormName) ?? ''
  if (files === undefined || !/^[0-9a-f-]{36}$/.test(token)) return undefined
  const file = await files.kept(keyOf(token))
  if (file === undefined) return undefined
  const { typedBy, path, keptAt, ...form } = JSON.parse(await file.text()) as KeptForm
  const isCurrent = now.getTime() - keptAt < keptMinutes * 60_000
  return isCurrent && typedBy === person && path === url.pathname ? form : undefined
}

/** An address without what finds a form again, as pages read it. */
export function withoutKeptForm(url: URL): URL {
  if (!url.searchParams.has(keptFormName)) return url
  const plain = new URL(url)
  plain.searchParams.delete(keptFormName)
  return plain
}
