import type { Refusal } from '../../kernel/refusal.ts'
import { refusePlatform } from '../platform.refusals.ts'

/** A place where nothing can be written: a folder that is missing, full or closed, a name that is a folder's. */
export class UnwritableFile extends Error {
  readonly file: string
  constructor(file: string, cause: Error) {
    super(`cannot write ${file}: ${cause.message}`, { cause })
    this.file = file
  }
}

const reasons: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  ENOENT: ['文件夹不存在', 'its folder does not exist'],
  ENOTDIR: ['路径中有一段不是文件夹', 'a part of its path is no folder'],
  EISDIR: ['这个名称是一个文件夹', 'it is the name of a folder'],
  EACCES: ['没有写入的权限', 'writing there is not permitted'],
  EPERM: ['没有写入的权限', 'writing there is not permitted'],
  EROFS: ['磁盘是只读的', 'the disk is read-only'],
  ENOSPC: ['磁盘已满', 'the disk is full'],
  ENAMETOOLONG: ['文件名过长', 'its name is too long'],
}

/** The refusal of a file that could not be written, with what the file system said in words. */
export function refuseUnwritable(file: string, error: unknown): Refusal {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const said = error instanceof Error ? error.message : String(error)
  const [causeZh, causeEn] = reasons[code] ?? [said, said]
  return refusePlatform('file_unwritable', { file, causeZh, causeEn })
}
