/** Weibo's errors in its own words. https://open.weibo.com/wiki/Error_code, read 2026-11-24 */

const texts: Readonly<Record<number, string>> = {
  10001: 'System error',
  10014: 'Insufficient app permissions!',
  10017: "parameter (id)'s value invalid, expect (long) , but get (null) , see doc for more info",
  10020: 'Request api not found',
  10021: 'HTTP method is not suported for this request',
  10023: 'User requests out of rate limit!',
  20003: 'User does not exists!',
  20008: 'Content is null!',
  20012: 'Text too long, please input text less than 140 characters!',
  20013: 'Text too long, please input text less than 300 characters!',
  20016: 'out of limit!',
  20019: 'repeat content!',
  20031: 'Test and verify!',
  20032: 'Update success, while server slow now, please wait 1-2 minutes!',
  20101: 'target weibo does not exist!',
  20201: 'target weibo comment does not exist!',
  20206: 'Target weibo does not allow your comment!',
  20207: 'Author of the weibo does not allow comments!',
  20305: 'Direct message does not exist!',
  21327: 'expired_token',
  21332: 'invalid_access_token',
  26403: 'the message has been replied or timeout!',
}

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: number
  readonly status: number
  readonly asText: boolean

  constructor(
    code: number,
    { status, asText = false }: { status?: number | undefined; asText?: boolean | undefined } = {},
  ) {
    super(texts[code] ?? 'error!')
    this.code = code
    // No rule is known: what is wrong with the caller comes as 403, what is wrong with the request as 400.
    this.status = status ?? (code === 10001 ? 500 : code < 20000 || code >= 21300 ? 403 : 400)
    this.asText = asText
  }
}
