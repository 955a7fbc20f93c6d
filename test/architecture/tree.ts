import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Stage, stages } from '../../src/stages.ts'

/** The project's own folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** Every file below a folder, as paths from `under` with forward slashes, in a stable order; none where it is absent. */
export function filesBelow(folder: string, under: string = root): string[] {
  const whole = join(under, folder)
  if (!existsSync(whole)) return []
  return readdirSync(whole, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(whole, name)).isFile())
    .map((name) => join(folder, name).replaceAll('\\', '/'))
    .sort()
}

export const isTypeScript = (path: string): boolean => /\.tsx?$/.test(path)
export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path)

/** Whether a stage is built: its folder holds a program, or its entry file is there. */
export function isBuilt(stage: Stage): boolean {
  if (!stage.path.endsWith('/')) return existsSync(join(root, stage.path))
  return filesBelow(stage.path).some((path) => isTypeScript(path) && !isTest(path))
}

export const builtStages = (): Stage[] => stages.filter(isBuilt)
