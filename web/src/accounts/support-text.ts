/** The log as a text somebody can send to support: times in UTC, so that a platform's people find them. Pure. */
import type { ChannelLogLine } from '../api/wire.ts'

const isFailed = ({ status, error }: Pick<ChannelLogLine, 'status' | 'error'>) =>
  error !== null || status === null || status >= 400

/** Whether the exchange itself failed; what became of a reply, its delivery says. */
export { isFailed }

export function supportText(
  account: { readonly name: string; readonly channel: string; readonly id: string },
  lines: readonly ChannelLogLine[],
): string {
  const head = `${account.name} (${account.channel}, account ${account.id})`
  return [head, ...lines.toSorted((a, b) => (a.at < b.at ? -1 : 1)).map(lineText)].join('\n\n')
}

function lineText({ at, method, url, status, durationMs, deliveryId, request, response, error }: ChannelLogLine) {
  return [
    `${at} ${method} ${url}`,
    `-> ${status ?? 'no answer'} in ${durationMs} ms${deliveryId ? ` (delivery ${deliveryId})` : ''}`,
    request && `request: ${request}`,
    response && `response: ${response}`,
    error && `error: ${error}`,
  ]
    .filter(Boolean)
    .join('\n')
}
