/** Who writes to the service account in the demo: about phones that fail, and how that is handled. */

/** One thing a person does. */
export type Act =
  | { readonly says: string }
  | { readonly enters: string }
  | { readonly picture: true }
  | { readonly voice: true }
  | { readonly video: true }
  | { readonly file: { readonly name: string; readonly text: string } }
  | {
      readonly place: {
        readonly latitude: number
        readonly longitude: number
        readonly name: string
        readonly address: string
      }
    }
  | { readonly link: { readonly title: string; readonly url: string } }
  | {
      readonly forwards: {
        readonly title: string
        readonly lines: readonly { readonly who: string; readonly text: string }[]
      }
    }
  | { readonly presses: string }
  | { readonly recalls: true }

export interface Part {
  readonly language: 'zh' | 'en'
  readonly nickname: string
  readonly opening: readonly Act[]
  /** What follows on the first answer, the second, and so on. */
  readonly answers: readonly (readonly Act[])[]
  /** Says it when asked for what is missing. */
  readonly facts?: string
  readonly isHardToPlease?: boolean
  readonly score?: number
}

export const people: readonly Part[] = [
  {
    language: 'zh',
    nickname: '江边散步',
    opening: [{ enters: 'box-qr' }, { says: '新手机用了三天，今早突然黑屏，怎么按都不亮' }, { picture: true }],
    answers: [
      [{ says: '充电四十分钟了，没有任何反应' }],
      [
        {
          place: {
            latitude: 31.2243,
            longitude: 121.4768,
            name: '人民广场',
            address: '上海市黄浦区人民大道',
          },
        },
        { says: '我在这附近，哪家服务点能当天检测？' },
      ],
      [{ says: '好，下午过去，谢谢' }],
    ],
  },
  {
    language: 'en',
    nickname: 'Mo on the road',
    opening: [{ says: 'Battery drops from 60% to 0 in ten minutes. Is that covered by the warranty?' }],
    answers: [
      [{ picture: true }, { says: 'Here is the battery page. Bought in March.' }],
      [{ file: { name: 'invoice.txt', text: 'Invoice 2025-0317, one phone, paid.' } }],
      [{ says: 'Great, I will bring it in on Saturday.' }],
    ],
  },
  {
    language: 'zh',
    nickname: '阿木',
    opening: [{ voice: true }, { says: '语音里说了，升级之后打字都卡' }],
    answers: [[{ video: true }, { says: '您看这个掉帧' }], [{ says: '清理缓存之后好多了，先这样' }]],
  },
  {
    language: 'zh',
    nickname: '一粒米',
    opening: [
      { says: '群里好几个人都遇到一样的问题' },
      {
        forwards: {
          title: '手机交流群的聊天记录',
          lines: [
            { who: '小周', text: '更新完信号只剩一格' },
            { who: '老陈', text: '我也是，重启也没用' },
          ],
        },
      },
    ],
    answers: [[{ says: '重置网络设置试过了，还是一格' }], [{ says: '等新版本的话大概什么时候？' }]],
  },
  {
    language: 'zh',
    nickname: '南风',
    opening: [
      { presses: '查询维修进度' },
      { says: '维修单 52-7781，说好五天，今天第十二天了' },
      { link: { title: '维修进度查询', url: 'https://repair.example/52-7781' } },
    ],
    answers: [
      [{ says: '每次都是等配件……' }, { recalls: true }, { says: '能给个准确日期吗？' }],
      [{ says: '行，记下了' }],
    ],
  },
  {
    language: 'en',
    nickname: 'Ines',
    opening: [
      { enters: 'site' },
      { says: 'A green line appeared on my screen overnight. Never dropped it.' },
      { picture: true },
    ],
    answers: [[{ says: 'Yes, still under warranty. Do I pay for the new screen?' }], [{ says: 'Perfect, thanks!' }]],
  },
  {
    // Their case is gone through to its end by itself: see `src/demo-complaint.ts`.
    language: 'zh',
    nickname: '窗外的麻雀',
    opening: [{ says: '手机早上突然黑屏，怎么按都开不了机，你们再拖我就打12315投诉' }],
    answers: [[], [{ says: '行，换新机可以' }], [{ says: '嗯，收到短信了' }], []],
    facts: '型号：X1，序列号是 HX26DEMO0002，2026年3月7日购买',
    isHardToPlease: true,
  },
]
