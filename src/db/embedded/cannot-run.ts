import { StartError } from '../../start-error.ts'

/** Our own PostgreSQL cannot run: one sentence why, and what to set instead. A defect stays what it is. */
export function cannotRun(error: unknown): Error {
  const why = reason(error)
  if (why === null) return error as Error
  const text = `Huixin's own PostgreSQL cannot run: ${why}. To use another one, set DATABASE_URL and HUIXIN_SECRET.`
  return new StartError(text, { cause: error })
}

/** In words for the operator; null for what can only be a defect. */
function reason(error: unknown): string | null {
  if (error instanceof StartError) return error.message
  if (!(error instanceof Error) || !('code' in error)) return null
  if (error.code === 'ENOSPC') return 'the disk is full'
  return ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EDQUOT'].includes(String(error.code)) ? error.message : null
}
