/** What people post about phones, on the sites whose feeds the demo reads. */

export interface Complaint {
  /** Which of the demo's feeds. */
  readonly on: 'microblog' | 'forum' | 'board'
  readonly author: string
  readonly title: string | null
  readonly html: string
  readonly picture?: boolean
  readonly recording?: boolean
  /** What the post says some time later. */
  readonly later?: string
}

export const complaints: readonly Complaint[] = [
  {
    on: 'microblog',
    author: '爱喝冰美式',
    title: null,
    html: '新手机用了两周，晚上充到100%，早上起来只剩40%，什么都没开<span class="url-icon"><img alt="[泪]" src="/pictures/emoji.png" style="width:1em;height:1em"></span>',
    picture: true,
  },
  {
    on: 'forum',
    author: 'tobias_k',
    title: 'Screen stays black after the update',
    html: '<p>Since the update last night the screen stays <b>black</b>. It still vibrates when somebody calls.</p><p>Tried so far:</p><ul><li>holding power for 30 s</li><li>charging over night</li></ul>',
    later:
      '<p>Since the update last night the screen stays <b>black</b>.</p><p>Edit: power and volume down together brought it back, but it happened again today.</p>',
  },
  {
    on: 'board',
    author: '老周修机记',
    title: '寄修三周还没有进度，求助',
    html: '<p>主板问题寄修，页面一直显示“等待配件”，客服说再等等。有人遇到过吗？</p>',
  },
  {
    on: 'microblog',
    author: '小城晚风',
    title: '地铁里完全没信号，同事的手机都正常…',
    html: '地铁里完全没信号，同事的手机都正常，换了卡也一样。是天线的问题吗？',
    later: '地铁里完全没信号，同事的手机都正常，换了卡也一样。补充：重置网络设置之后好了一天，今天又没了。',
  },
  {
    on: 'forum',
    author: 'Priya',
    title: 'Crackling speaker &amp; warranty',
    html: '<p>The speaker crackles at half volume, recording attached. Is this covered by the warranty?</p>',
    recording: true,
  },
  {
    on: 'board',
    author: '一只橘子',
    title: '玩游戏十分钟就烫手还掉帧',
    html: '<p>屏幕亮度已经调低了，还是烫。附上温度截图。</p>',
    picture: true,
  },
]
