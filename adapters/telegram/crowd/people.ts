/** Who complains in the demo: about a phone that will not boot, lags, loses its network, and how that is handled. */

/** One thing a person does. `edits` changes what the same person wrote last. */
export type Act =
  | { readonly says: string }
  | { readonly photo: string }
  | { readonly album: readonly (string | null)[] }
  | { readonly edits: string }
  | { readonly blocks: true }

export interface Part {
  readonly name: string
  readonly username?: string
  readonly language: 'zh' | 'en'
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
    // Their case is gone through to its end by itself: see `src/demo-complaint.ts`.
    name: '一只橙子',
    language: 'zh',
    opening: [{ says: '手机昨天突然开不了机，按电源键没反应，再没人处理我就找媒体曝光了' }],
    answers: [[], [{ says: '可以，那就换新机吧' }], [{ says: '好的，等你们' }], []],
    facts: '型号：X1，序列号是 HX26DEMO0001，2026年3月7日购买',
    isHardToPlease: true,
    score: 4,
  },
  {
    name: '夜跑的鱼',
    language: 'zh',
    opening: [
      { says: '你好，手机昨晚充着电，今天早上起来就黑屏了，长按电源键一点反应都没有' },
      { photo: '就这样，插上充电器连充电图标都不出' },
    ],
    answers: [
      [{ says: '按您说的同时按电源键和音量键 20 秒，还是不行' }],
      [{ says: '好的，那我周末带去门店检测，需要带什么吗？' }],
      [{ says: '明白了，谢谢！' }],
    ],
  },
  {
    name: 'coffee first',
    username: 'coffee_first',
    language: 'en',
    opening: [
      { says: 'Since the last update my phone has become painfully slow. Opening the camera takes 10 secnods.' },
      { edits: 'Since the last update my phone has become painfully slow. Opening the camera takes 10 seconds.' },
    ],
    answers: [
      [{ says: 'Storage is at 61 of 128 GB, so that cannot be it.' }],
      [{ says: 'Clearing the cache in recovery mode did it. So much better, thank you!' }],
    ],
  },
  {
    name: '西瓜不甜',
    language: 'zh',
    opening: [
      { says: '请问最近是网络有问题吗' },
      { says: '我这台在地铁里 5G 一直转圈，旁边同事的手机都正常，重启过好几次了' },
    ],
    answers: [[{ says: '双卡，卡一卡二都试过，一样的' }], [{ says: '重置网络设置之后暂时好了，我再观察两天。多谢' }]],
  },
  {
    name: 'Tin House',
    username: 'tinhouse',
    language: 'en',
    opening: [
      {
        says: 'Hi. My battery drops from 80% to 20% in two hours with the screen mostly off. Bought it eight months ago.',
      },
    ],
    answers: [
      [{ says: 'It says maximum capacity 84%.' }, { photo: 'Here is the usage screen.' }],
      [{ says: 'Did all that last night, still the same this morning. Can it be replaced under warranty?' }],
      [{ says: 'OK, I will bring it in on Saturday. Thanks for the quick answer.' }],
    ],
  },
  {
    name: '阿柚',
    username: 'ayou_pomelo',
    language: 'zh',
    opening: [{ album: ['屏幕左边突然出现一条绿线，越来越宽，没摔过也没进水', null, null] }],
    answers: [
      [{ says: '买了七个月，一直贴膜戴壳' }],
      [{ says: '那换屏是免费的吧？别到了店里又说要收费' }],
      [{ says: '收到，谢谢客服' }],
    ],
  },
  {
    name: '半糖去冰',
    language: 'zh',
    opening: [
      { says: '保修卡上明明写一年，我才用了 11 个月，为什么查询显示已过保？' },
      { photo: '这是购买凭证，日期很清楚' },
    ],
    answers: [[{ says: '序列号在照片右下角，麻烦尽快核实' }], [{ says: '好的，改过来了就行，辛苦了' }]],
  },
  {
    name: 'Paper Boat',
    language: 'en',
    opening: [
      { says: 'My phone has been in your repair centre for THREE weeks now. The page still says "waiting for parts".' },
      { says: 'Repair number 48-2207' },
    ],
    answers: [
      [{ says: 'That is what I was told last time, too. When exactly will it be ready?' }],
      [{ says: 'All right. Please do call this time.' }],
    ],
  },
  {
    name: '老周',
    language: 'zh',
    opening: [{ says: '打游戏不到半小时就烫手，然后自动降亮度、掉帧。这正常吗？' }],
    answers: [
      [{ says: '系统是最新的，后台都清了，没戴壳' }],
      [{ says: '还是烫，能不能给检测一下是不是电池有问题' }],
      [{ says: '行，那我预约一下' }],
    ],
  },
  {
    name: 'Maple & Moss',
    username: 'maple_moss',
    language: 'en',
    opening: [
      { says: 'Hello, my phone is stuck on the logo after an update. It restarts again and again.' },
      { says: 'All my photos are on it, please tell me they are not lost 😟' },
    ],
    answers: [
      [{ says: 'Safe mode worked! I can see the photos. What now?' }],
      [{ says: 'Backed up and updated again. It boots normally. You saved my week 🙏' }],
    ],
  },
  {
    name: '小满',
    language: 'zh',
    opening: [
      { says: '维修完拿回来，摄像头里面有灰，拍照有个黑点' },
      { says: '打了三次客服电话都没人接' },
      { says: '算了，不问了' },
      { blocks: true },
    ],
    answers: [],
  },
  {
    name: 'Juniper',
    language: 'en',
    opening: [
      { says: 'The charging port is loose. Cable falls out all the time, also with new cables. Is that covered?' },
    ],
    answers: [
      [{ photo: 'It looks like this inside.' }],
      [{ says: 'Ah, it was lint. Cleaned it with a wooden toothpick, now it holds. A bit embarrassing, thanks!' }],
    ],
  },
  {
    name: '大橘为重',
    username: 'big_orange_cat',
    language: 'zh',
    opening: [{ says: '更新之后相册一打开就闪退 😤😤 重装过也没用，什么时候修复？' }],
    answers: [[{ says: '版本号是 6.2.118，大概三千多张照片' }], [{ says: '新版本装上了，暂时没再闪退，给个好评 👍' }]],
  },
]
