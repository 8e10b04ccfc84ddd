/** Refusals in WeCom's words: https://developer.work.weixin.qq.com/document/path/90313, as known on 2026-11-24 */
export class Refusal extends Error {
  readonly errcode: number

  constructor(errcode: number, errmsg: string) {
    super(errmsg)
    this.errcode = errcode
  }
}

export const refusalBody = (errcode: number, errmsg: string) => ({
  errcode,
  errmsg: `${errmsg}, hint: [1764000000123456789012345], from ip: 203.0.113.7, more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`,
})

export const refusals = {
  secret: new Refusal(40001, 'invalid credential'),
  mediaType: new Refusal(40004, 'invalid media type'),
  mediaSize: new Refusal(40006, 'invalid meida size'),
  mediaId: new Refusal(40007, 'invalid media_id'),
  messageType: new Refusal(40008, 'invalid message type'),
  corpId: new Refusal(40013, 'invalid corpid'),
  token: new Refusal(40014, 'invalid access_token'),
  parameter: new Refusal(40058, 'invalid Request Parameter'),
  customer: new Refusal(40096, 'invalid external userid'),
  noToken: new Refusal(41001, 'access_token missing'),
  noMedia: new Refusal(41005, 'media data missing'),
  expired: new Refusal(42001, 'access_token expired'),
  emptyText: new Refusal(44004, 'empty content'),
  textSize: new Refusal(45002, 'content size out of limit'),
  tooOften: new Refusal(45009, 'api freq out of limit'),
  json: new Refusal(47001, 'data format error'),
  forbidden: new Refusal(48002, 'api forbidden'),
  ip: new Refusal(60020, 'not allow to access from your ip'),
  kfId: new Refusal(95000, 'invalid open_kfid'),
  count: new Refusal(95001, 'send msg count limit'),
  time: new Refusal(95002, 'send msg time limit'),
  msgToken: new Refusal(95007, 'invalid msg token'),
  ended: new Refusal(95013, 'conversation end'),
  transition: new Refusal(95016, 'not allow to change service state'),
  state: new Refusal(95018, 'send msg session status invalid'),
  range: new Refusal(830_002, 'file too large, use Range'),
} as const
