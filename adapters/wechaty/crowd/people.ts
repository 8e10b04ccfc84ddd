/** Who complains in the demo, to a personal account and in a group of customers. */

/** One thing a person does. `recalls` takes back what the same person wrote last. */
export type Act =
  | { readonly says: string }
  | { readonly photo: true }
  | { readonly file: string }
  | { readonly recalls: true }
  | { readonly place: string }

export interface Part {
  readonly name: string
  readonly weixin?: string
  /** Writes in the group instead of to the account. */
  readonly inGroup?: true
  readonly opening: readonly Act[]
  /** What follows on the first answer, the second, and so on. */
  readonly answers: readonly (readonly Act[])[]
}

export const group = '售后维修交流群'

export const people: readonly Part[] = [
  {
    name: '青椒不辣',
    weixin: 'qingjiao_2019',
    opening: [{ says: '在吗？手机突然黑屏，怎么按都没反应' }, { photo: true }],
    answers: [[{ says: '充了一个小时还是开不了机，只震动一下' }], [{ says: '好，我明天送过去检测。谢谢' }]],
  },
  {
    name: '旧书店',
    opening: [{ says: '更新以后打字特别卡，一个字要等两秒' }],
    answers: [[{ says: '内存还剩一半，后台也清了' }], [{ says: '清了缓存好多了，先用着看看' }]],
  },
  {
    name: 'Harbour Light',
    weixin: 'harbour_light',
    opening: [
      { says: 'Hi, no network since yesterday: it says "No SIM", with two different cards.' },
      { file: 'purchase-receipt.pdf' },
    ],
    answers: [
      [{ says: 'Reset the network settings, same thing. The card works in another phone.' }],
      [{ says: 'OK. How long will the repair take?' }],
      [{ says: 'Fine, thank you.' }],
    ],
  },
  {
    name: '三月的风',
    inGroup: true,
    opening: [{ says: '有人电池也鼓包了吗？我的后盖都顶起来了' }, { photo: true }],
    answers: [[{ says: '已经关机了，不敢充。过保三个月还能免费换吗？' }], [{ says: '收到，我私信发序列号' }]],
  },
  {
    name: '南瓜饼',
    opening: [
      { says: '我的序列号是 0000-1111' },
      { recalls: true },
      { says: '刚才发错了。请问屏幕碎了换一块多少钱？' },
    ],
    answers: [[{ says: '内屏没坏，只是外面的玻璃' }], [{ says: '有点贵，我再想想' }]],
  },
  {
    name: '骑车去海边',
    inGroup: true,
    opening: [{ says: '送修三周了，一直显示“等待配件”，到底什么时候能好？' }],
    answers: [[{ says: '单号 48-3390，每次都说再等等' }], [{ says: '行，那就等周五' }]],
  },
  {
    name: '小雨伞',
    weixin: 'xiaoyusan88',
    opening: [{ says: '附近哪里有维修点？我在这里' }, { place: '成府路 45 号' }],
    answers: [[{ says: '周日也营业吗？' }], [{ says: '好的，谢谢' }]],
  },
  {
    name: 'Copper Kettle',
    opening: [{ says: 'Is a swollen battery covered by the warranty? Bought it ten months ago.' }, { photo: true }],
    answers: [
      [{ says: 'It was never dropped and never got wet.' }],
      [{ says: 'Great, I will bring it in on Monday.' }],
    ],
  },
]
