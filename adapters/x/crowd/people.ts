/** Who complains in the demo: about a phone that will not boot, lags, loses its network, and how that is handled. */

/** One thing a person does. In public it begins with a mention; `edits` changes what the same person posted last. */
export type Act =
  | { readonly posts: string; readonly photos?: number }
  | { readonly writes: string; readonly photo?: true }
  | { readonly edits: string }
  /** Answers what that person posted first, without a word to the account. */
  | { readonly joins: string; readonly says: string }
  /** Quotes what the account posted last. */
  | { readonly quotes: string }

/** Said where the account's answer came. */
export interface Answer {
  readonly says: string
  readonly photo?: true
}

export interface Part {
  readonly name: string
  readonly username: string
  readonly opening: readonly Act[]
  /** What follows on the first answer, the second, and so on: where the answer came. */
  readonly answers: readonly Answer[]
}

/** The account's own words, which are quoted. */
export const announcement = '新款已开启预约，下单即送延保一年。New model: pre-orders are open.'

export const people: readonly Part[] = [
  {
    name: '南风知我意',
    username: 'nanfeng_zw',
    opening: [{ posts: '@huixin_care 更新完系统之后无限重启，三个小时了，数据还能保住吗？', photos: 1 }],
    answers: [{ says: '强制重启试过两次，还是卡在开机画面' }, { says: '进恢复模式了，数据备份出来了，谢谢！' }],
  },
  {
    name: 'Hazel Row',
    username: 'hazel_row',
    opening: [
      {
        posts:
          '@huixin_care my phone has been "in repair" for 19 days. The status page still says received. What is going on?',
      },
    ],
    answers: [
      { says: 'Repair number is RC-20418, dropped off on the 5th.' },
      { says: 'They just called me. Ready on Thursday. Thanks for pushing.' },
    ],
  },
  {
    name: 'Otto Lind',
    username: 'otto_lind',
    // Carried along in somebody else's conversation: it cannot be answered through the API.
    opening: [{ joins: 'hazel_row', says: 'Same here, 24 days and counting. Nobody picks up the phone.' }],
    answers: [],
  },
  {
    name: '小葵花',
    username: 'xiaokuihua88',
    opening: [{ writes: '你好，请问屏幕碎了保修吗？买了才两个月' }, { writes: '照片在这里', photo: true }],
    answers: [{ says: '是从桌子上掉下来的，贴了膜' }, { says: '好的，那我去门店检测一下，谢谢' }],
  },
  {
    name: 'June Park',
    username: 'junepark_',
    opening: [
      { posts: '@huixin_care battery drops from 60% to 15% in an hour since the lastest update. Anyone?' },
      { edits: '@huixin_care battery drops from 60% to 15% in an hour since the latest update. Anyone?' },
    ],
    answers: [
      { says: 'It says 88% capacity. Screenshot:', photo: true },
      { says: 'Turning that off helped a lot, thank you 🙏' },
    ],
  },
  {
    name: '一颗薄荷糖',
    username: 'bohetang_1',
    opening: [{ quotes: '@huixin_care 先把旧机型的信号问题修好再出新款吧，地铁里一格都没有' }],
    answers: [{ says: '型号是去年的标准版，换过卡了，一样' }, { says: '重置网络后好一些了，再观察看看' }],
  },
  {
    name: 'Mara Voss',
    username: 'mara_voss',
    opening: [
      { writes: 'Hi! I was charged twice for the same repair. Order 77-1043.' },
      { writes: 'I can send the bank statement if that helps.' },
    ],
    answers: [{ says: 'Both on the 12th, 89.00 each.' }, { says: 'Great, I see the refund. Thank you!' }],
  },
  {
    name: '打工人小赵',
    username: 'xiaozhao_dgr',
    opening: [{ posts: '@huixin_care 摄像头一打开就闪退，重启没用，重装系统也没用 😤', photos: 2 }],
    answers: [{ says: '没摔过，也没进过水，昨天突然这样的' }, { says: '预约了周六的售后，希望当天能修好' }],
  },
]
