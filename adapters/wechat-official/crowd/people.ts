/** Who writes to the official account in the demo: about phones that fail, and how that is handled. */

/** One thing a person does. */
export type Act =
  | { readonly says: string }
  | { readonly picture: true }
  /** A voice message, and what WeChat understood of it; null: recognition found nothing. */
  | { readonly voice: string | null }
  | { readonly place: { readonly latitude: number; readonly longitude: number; readonly label: string } }
  | { readonly link: { readonly title: string; readonly url: string } }
  | { readonly sticker: true }
  | { readonly video: true }
  | { readonly follows: string }
  | { readonly clicks: string }
  | { readonly unfollows: true }

export interface Part {
  readonly language: 'zh' | 'en'
  readonly opening: readonly Act[]
  /** What follows on the first answer, the second, and so on. */
  readonly answers: readonly (readonly Act[])[]
}

export const people: readonly Part[] = [
  {
    language: 'zh',
    opening: [
      { follows: 'after-sales-card' },
      { says: '你好，手机放口袋里拿出来就再也打不开了，充电灯也不亮' },
      { picture: true },
    ],
    answers: [
      [{ says: '长按了三十秒，没有震动也没有画面' }],
      [
        { says: '那我明天送去检测，最近的服务点在哪里？' },
        { place: { latitude: 23.1345, longitude: 113.3588, label: '广州市天河区体育东路' } },
      ],
      [{ says: '好的，谢谢 /:rose' }],
    ],
  },
  {
    language: 'zh',
    opening: [{ voice: '你好，我的手机升级之后特别卡，打字都要等半天。' }],
    answers: [
      [{ says: '存储还剩一半，重启过了' }],
      [{ voice: '按你说的清理了缓存，好一点了，但是打开相机还是慢。' }],
      [{ says: '更新完正常了，辛苦 /::)' }],
    ],
  },
  {
    language: 'en',
    opening: [
      { says: 'Hello, do you answer in English here? My phone shows "no service" since this morning.' },
      { says: 'Same SIM works in another phone.' },
    ],
    answers: [
      [{ says: 'I reset the network settings twice already. Nothing.' }],
      [{ says: 'Flight mode for a minute did the trick, it is back. Thank you!' }],
    ],
  },
  {
    language: 'zh',
    opening: [{ says: '屏幕右边突然一条绿线，没摔过' }, { picture: true }, { picture: true }],
    answers: [
      [{ says: '去年双十一买的，一直戴壳' }],
      [{ says: '保修期内换屏不收费对吧？' }, { sticker: true }],
      [{ says: '明白了' }],
    ],
  },
  {
    language: 'zh',
    opening: [
      { clicks: 'REPAIR_PROGRESS' },
      { says: '维修单 48-3310，已经两个星期了还显示等待配件，到底什么时候能修好？' },
    ],
    answers: [
      [{ says: '上次也是这么说的 /::<' }, { link: { title: '维修进度查询', url: 'https://repair.example/48-3310' } }],
      [{ says: '行，那我再等三天' }],
    ],
  },
  {
    language: 'en',
    opening: [
      { says: 'Battery health is 82% after ten months, and it dies at 20%. Can it be replaced under warranty?' },
    ],
    answers: [
      [{ picture: true }, { says: 'That is the battery page you asked for.' }],
      [{ says: 'OK, Saturday at the service point then.' }],
    ],
  },
  {
    language: 'zh',
    opening: [{ voice: null }, { says: '刚才语音没说清楚：打游戏半小时就烫手，还自动降亮度' }],
    answers: [[{ says: '没插充电器，系统是最新的' }], [{ video: true }, { says: '您看，就是这样掉帧的' }]],
  },
  {
    language: 'zh',
    opening: [{ says: '取件回来发现摄像头里有灰，打了几次电话没人接' }, { says: '算了' }, { unfollows: true }],
    answers: [],
  },
]
