/** Who complains on the shop's site: charging, deliveries, an update, a screen, and how that is handled. */
export type Act = { readonly says: string } | { readonly picture: number }

export interface Part {
  readonly language: 'zh-CN' | 'en'
  /** Signed in at the shop as. */
  readonly member?: { readonly sub: string; readonly name: string }
  readonly opening: readonly Act[]
  /** What follows on the first answer, the second, and so on. */
  readonly answers: readonly (readonly Act[])[]
}

export const people: readonly Part[] = [
  {
    language: 'zh-CN',
    opening: [{ says: '在吗？手机充一晚上只充到 40%，换了两个充电头都一样' }, { picture: 1 }],
    answers: [[{ says: '流明 7，买了三个月，用的是原装线' }], [{ says: '按您说的清理了充电口，现在正常了，谢谢' }]],
  },
  {
    language: 'en',
    member: { sub: 'member-1042', name: 'Mei Tan' },
    opening: [{ says: 'My order from Monday still says “packing”. I need the phone before Friday, can you check?' }],
    answers: [[{ says: 'Order 20261123-58, to the office address.' }], [{ says: 'Thursday works. Thank you!' }]],
  },
  {
    language: 'zh-CN',
    member: { sub: 'member-3307', name: '何冬' },
    opening: [
      { says: '昨天系统更新之后微信视频通话对方听不到我声音，普通电话正常' },
      { says: '重启、恢复网络设置都试过了' },
    ],
    answers: [[{ says: '权限是打开的，我截图给您' }, { picture: 2 }], [{ says: '好了！原来是降噪开关，辛苦了' }]],
  },
  {
    language: 'en',
    opening: [{ says: 'The back glass cracked in my pocket, I never dropped it. Is this covered?' }, { picture: 3 }],
    answers: [
      [{ says: 'Bought in September. The case was on the whole time.' }],
      [{ says: 'OK, I will send it in. How long does a repair take?' }],
      [{ says: 'Great, thanks.' }],
    ],
  },
  {
    language: 'zh-CN',
    opening: [{ says: '以旧换新页面一直显示“评估失败”，旧机型是去年的流明 6，能人工评估一下吗' }],
    answers: [[{ says: '屏幕没有划痕，电池健康 91%' }], [{ says: '价格可以接受，那我今晚下单' }]],
  },
]
