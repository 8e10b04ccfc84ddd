/** Who complains on the simulated Weibo, in public and in private, and how it goes on. */

/** One thing a person does. `says` answers where the account last answered. */
export type Act =
  | {
      readonly posts: string
      readonly pictures?: number
      readonly reposts?: 'ours'
      readonly link?: readonly [short: string, long: string]
      readonly longText?: string
    }
  | { readonly comments: string; readonly picture?: boolean; readonly under?: number }
  | { readonly writes: string }
  | { readonly sends: 'image' | 'voice' }
  | { readonly isAt: readonly [latitude: string, longitude: string] }
  | { readonly does: 'follow' | 'unfollow' | 'click' }
  | { readonly says: string }

export interface Part {
  readonly name: string
  readonly followers: number
  readonly opening: readonly Act[]
  /** What follows on the first answer, the second, and so on. */
  readonly answers: readonly (readonly Act[])[]
}

/** What stands in the account's own feed, for people to comment on. */
export const ourPosts: readonly string[] = [
  '新版系统今天起分批推送，优化了续航和相机启动速度。升级前请先备份数据。',
  '本周六、周日，全国门店免费检测电池和屏幕，无需预约。',
]

/** `@us` is the account's name. */
export const people: readonly Part[] = [
  {
    name: '凌晨三点的猫',
    followers: 86,
    opening: [{ posts: '@us 手机充了一晚上电，早上起来黑屏，长按电源键也没反应[泪] 今天还要出差', pictures: 1 }],
    answers: [
      [{ says: '同时按电源键和音量键试过了，还是不行' }],
      [{ says: '已经私信了，麻烦看一下' }, { writes: '您好，我是刚才微博上开不了机的那个，买了八个月' }],
      [{ says: '好的，那我下午带去门店' }],
    ],
  },
  {
    name: '南城以南',
    followers: 1320,
    opening: [{ comments: '升级之后耗电特别快，半天就没电了，能退回旧版本吗？' }],
    answers: [[{ says: '后台都清了，最耗电的显示是“系统”' }], [{ says: '重置之后好一些，我再观察两天，谢谢[心]' }]],
  },
  {
    name: 'Marlow_K',
    followers: 410,
    opening: [
      {
        posts:
          '@us My phone has been at your repair centre for three weeks, and the page still says "waiting for parts".',
      },
    ],
    answers: [
      [{ says: 'The repair number is 48-2207. I was told "this week" last week as well.' }],
      [{ says: 'All right, thanks. Please do call this time.' }],
    ],
  },
  {
    name: '阿满今天也很困',
    followers: 57,
    opening: [
      { writes: '屏幕左边突然出现一条绿线，没摔过也没进水' },
      { does: 'follow' },
      { sends: 'image' },
      { writes: '这种情况保修吗？买了七个月' },
    ],
    answers: [
      [{ writes: '序列号是背面那一串吗？我找一下' }, { sends: 'image' }],
      [{ writes: '那换屏是免费的吧，别到了店里又说要收费' }],
      [{ writes: '收到，谢谢客服' }],
    ],
  },
  {
    name: '数码老张头',
    followers: 25_400,
    opening: [
      {
        posts: '打游戏半小时就烫手、掉帧，实测数据在这里 http://t.cn/A6heat01 @us 出来解释一下',
        pictures: 3,
        link: ['http://t.cn/A6heat01', 'https://forum.example.com/heat-test?model=6'],
      },
    ],
    answers: [[{ says: '系统是最新的，没戴壳，室温 22 度' }], [{ says: '行，日志已经发你们邮箱了，等结果' }]],
  },
  {
    name: '小鹿不迷路',
    followers: 203,
    opening: [{ comments: '更新完相册一打开就闪退😤 重装也没用', picture: true }],
    answers: [[{ says: '版本号是 6.3.118，三千多张照片' }], [{ says: '新补丁装上了，暂时没再闪退，点个赞[赞]' }]],
  },
  {
    name: '薄荷汽水加冰',
    followers: 142,
    opening: [{ posts: '转给需要的人，我去年买的那台也这样，@us 一直没人回//@路过的风:同款绿线', reposts: 'ours' }],
    answers: [[{ says: '过保一个月了，还能处理吗？' }], [{ says: '好，周六去门店检测看看' }]],
  },
  {
    name: 'Juno_in_transit',
    followers: 38,
    opening: [
      { writes: 'Hi, no signal at all since this morning. Both SIM cards, also after a restart.' },
      { isAt: ['31.230416', '121.473701'] },
    ],
    answers: [
      [{ writes: 'Airplane mode on and off does nothing. The other phone here has full bars.' }],
      [{ writes: 'Resetting the network settings worked! Thank you.' }],
    ],
  },
  {
    name: '一颗柠檬树',
    followers: 318,
    opening: [
      {
        posts: '@us 维修第三次了，长文慎点...',
        longText:
          '@us 维修第三次了。第一次说主板问题，换了主板；第二次还是重启，说是电池；第三次等配件等了三个星期，打了五次客服电话，每次都说“已经加急”。我只想知道，到底什么时候能修好？如果修不好，能不能换一台？保修卡和前两次的工单我都留着。',
      },
    ],
    answers: [[{ says: '工单号 20261103-77，麻烦查一下' }], [{ says: '好，我等电话，别再让我等一个月了' }]],
  },
  {
    name: '海边的信号塔',
    followers: 9,
    opening: [{ sends: 'voice' }, { does: 'click' }, { writes: '上面语音说的就是充电口松动的问题，线一碰就掉' }],
    answers: [[{ sends: 'image' }], [{ writes: '原来是有灰，清理完就好了，不好意思[捂脸]' }]],
  },
  {
    name: '半夜写代码',
    followers: 990,
    opening: [{ comments: '周日几点关门？屏幕碎了能当场换吗', under: 1 }],
    answers: [[{ says: '型号是去年那款，黑色' }], [{ says: '好的，谢谢！' }]],
  },
  {
    name: '算了不取名了',
    followers: 4,
    opening: [
      { writes: '保修卡写一年，我才用了 11 个月，为什么查询显示已过保？' },
      { writes: '等了一天没人回，取关了' },
      { does: 'unfollow' },
    ],
    answers: [],
  },
]
