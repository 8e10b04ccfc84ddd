/**
 * A telephone number as people write it, in E.164 where that can be said for certain.
 * https://www.itu.int/rec/T-REC-E.164, read 2026-11-25
 */

/** `+8613800138000`; what is a number but has no such form (a short one, one without its area code) as its digits; else null. */
export function normalizeNumber(written: string, country: string): string | null {
  const text = written.normalize('NFKC').trim()
  if (!/^\+?[0-9][0-9\s\-–—().·]*$|^\([0-9+][0-9\s\-–—().·]*$/u.test(text)) return null
  const digits = text.replace(/[^0-9]/gu, '')
  if (digits.length < 3 || digits.length > 20) return null
  const hasPlus = /^\(?\+/u.test(text)
  if (hasPlus || digits.startsWith('00')) return full(hasPlus ? digits : digits.slice(2))
  return country === '86' ? chinese(digits) : national(digits, country)
}

/** At most 15 digits, none of them a leading 0. */
const full = (digits: string) => (/^[1-9][0-9]{6,14}$/u.test(digits) ? `+${digits}` : null)

/** Mobile numbers have no area code; all others have one, behind a 0 that is not part of it. */
function chinese(digits: string): string {
  if (/^1[3-9][0-9]{9}$/u.test(digits)) return `+86${digits}`
  if (/^861[3-9][0-9]{9}$/u.test(digits)) return `+${digits}`
  if (/^0(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}$/u.test(digits)) return `+86${digits.slice(1)}`
  return digits
}

function national(digits: string, country: string): string {
  const own = digits.replace(/^0/u, '')
  // Shorter ones lack their area code, or are services that cannot be reached from elsewhere.
  return own.length >= 9 ? (full(country + own) ?? digits) : digits
}
