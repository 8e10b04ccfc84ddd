/** An error as one sentence in the reader's language: what happened and what to do. */
import type { TFunction } from 'i18next'
import { ApiError } from '../api/problem.ts'
import type { zh } from './zh-CN.ts'

export function problemText(error: unknown, t: TFunction): string {
  if (!(error instanceof ApiError)) return t('problem.unexpected')
  const { code, requestId } = error
  if (isKnown(code)) return t(`problem.${code}`)
  const sentence = otherText(error, t)
  return requestId ? `${sentence} ${t('common.requestId', { id: requestId })}` : sentence
}

function otherText(error: ApiError, t: TFunction): string {
  if (error.status === 401) return t('problem.unauthenticated')
  if (error.status === 403) return t('problem.forbidden')
  if (error.status === 404) return t('problem.not_found')
  if (error.status === 413) return t('problem.too_large')
  if (error.status === 429) return t('problem.rate_limited')
  return error.status >= 500 || error.message === ''
    ? t('problem.unexpected')
    : t('problem.unknown', { title: error.message })
}

/** A code with a sentence of its own. `unknown` and `unexpected` are for the others. */
type KnownCode = Exclude<keyof typeof zh.problem, 'unknown' | 'unexpected'>

const knownCodes: ReadonlySet<string> = new Set<KnownCode>([
  'offline',
  'aborted',
  'unauthenticated',
  'forbidden',
  'not_found',
  'invalid_request',
  'rate_limited',
  'too_large',
  'database_unavailable',
  'try_again',
  'version_conflict',
  'seen_conflict',
  'idempotency_mismatch',
  'wrong_credentials',
  'account_disabled',
  'setup_code_wrong',
  'setup_code_expired',
  'already_set_up',
  'password_too_weak',
  'wrong_password',
  'invalid_settings',
  'credentials_refused',
  'email_taken',
  'last_administrator',
  'media_pending',
  'media_failed',
  'refused_type',
  'too_late',
  'not_unknown',
  'task_not_open',
  'invalid_entry',
  'entry_unplaced',
  'not_failed',
  'not_repeatable',
  'parts_lost',
  'assignee_unknown',
  'category_unknown',
  'facts_changed',
  'bad_serial',
  'bad_date',
  'proof_unknown',
  'category_loop',
  'too_deep',
  'rule_changed',
  'rules_changed',
  'shipped_rule',
  'bad_pattern',
  'bad_time_zone',
  'team_unknown',
  'team_taken',
  'no_working_time',
  'calendar_in_use',
  'calendar_missing',
  'unknown_policy',
  'unknown_team',
  'no_target',
  'account_gone',
  'send_at',
  'media_unknown',
  'unknown_user',
  'administrators_see_all',
  'unknown_brand',
  'brand_in_use',
  'last_brand',
  'unread_sealed',
  'already_expired',
  'ticket_in_use',
  'too_many_imports',
  'import_begun',
  'columns_missing',
  'empty_file',
  'file_workbook',
  'file_no_text',
  'file_no_table',
  'file_too_many_rows',
  'no_files',
  'bad_cursor',
  'unsupported_media_type',
  'shortcut_taken',
  'approval_needed',
  'approval_decided',
  'already_escalated',
  'not_escalated',
  'not_a_supervisor',
  'not_a_member',
  'unknown_department',
  'task_kind',
  'unknown_currency',
  'amount_needed',
  'result_needed',
  'named_mismatch',
  'unknown_named_status',
  'order_changed',
  'variable_left',
  'too_many',
  'ticket_merged',
  'same_ticket',
  'other_brand',
  'moved_since',
  'nothing_left',
  'no_customer_words',
  'name_taken',
  'nothing_matches',
  'bulk_running',
  'snooze_past',
  'snooze_finished',
  'same_person',
  'merged_further',
  'bad_value',
  'field_unknown',
])

function isKnown(code: string): code is KnownCode {
  return knownCodes.has(code)
}
