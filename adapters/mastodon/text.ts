/** All that a post says, as one text: its warning, its words, its poll, the descriptions of its files. */
import { textOfHtml } from './html.ts'
import type { Attachment, Status } from './types.ts'

export function textOf(status: Status, attachments: readonly Attachment[]): string {
  const { spoiler_text: warning, content, poll } = status
  const parts = [
    warning.trim() === '' ? '' : `[CW] ${warning.trim()}`,
    textOfHtml(content),
    poll ? textOfPoll(poll) : '',
    ...attachments.map(({ description }) => (description?.trim() ? `[alt] ${description.trim()}` : '')),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function textOfPoll({ multiple, options }: NonNullable<Status['poll']>): string {
  const box = multiple ? '☐' : '○'
  const lines = options.map(({ title, votes_count: votes }) => `${box} ${title}${votes == null ? '' : ` (${votes})`}`)
  return ['[poll]', ...lines].join('\n')
}
