/** An address the desk may link to; null for everything but http and https. Pure. */
export function webUrl(url: string | null): string | null {
  const parsed = url === null ? null : URL.parse(url)
  return parsed && /^https?:$/u.test(parsed.protocol) ? parsed.href : null
}
