/** Threats of publicity or law, and people who had to come again. */
import { category, plainWords, raiseTo, type ShippedRule, words } from './rule.ts'

export const pressure: readonly ShippedRule[] = [
  {
    name: 'threat',
    en: 'Threat of publicity or law',
    zh: '扬言曝光或维权',
    conditions: [
      words(
        `媒体 | 记者 | 曝光 | 爆料 | 上热搜 | 热搜 | 发抖音 | 发微博 | 发小红书 | 发视频 | 发到网上 | 挂你们 | 挂网上 | 12315 | 12345 | 消协 | 消费者协会 | 消委会 | 市监局 | 工商 | 质监 | 工信部 | 投诉到 |
         黑猫 | 起诉 | 告你们 | 告上法庭 | 法院 | 法庭 | 律师 | 律师函 | 打官司 | 仲裁 | 维权 | 报警 | 315 |
         lawyer* | attorney* | sue | suing | lawsuit | small claims | in court | legal action | take legal | press | journalist* | newspaper* | the media | go public | going public | go viral | going viral | consumer protection |
         consumer agency | trading standards | ombudsman | bbb | posting it | posting this | post this everywhere | class action | police report & you | file a complaint with`,
        '媒体播放 | 媒体音量 | 媒体文件 | 多媒体 | 新媒体 | 流媒体 | 社交媒体 | 听说你们 & 起诉 | 曝光补偿 | 曝光过度 | 过度曝光 | 曝光时间 | 长曝光 | 曝光不足 | press the | press power | press and | press any | have to press | long press | press it | social media',
      ),
    ],
    actions: [raiseTo('high'), { type: 'tag', tag: '舆情/法律' }],
  },
  {
    name: 'repeat',
    en: 'The same again',
    zh: '反复未解决',
    conditions: [
      plainWords(
        `第三次 | 第四次 | 第五次 | 第六次 | 第二次 & 修 | 三次 & 修 | 修了三次 | 修了四次 | 修了五次 | 修了两次 | 修了好几次 | 修过 & 次 | 换过 & 又 | 换了又 | 修了又坏 | 一修就坏 | 再修再坏 | 又坏 | 又壞 |
         修完 & 又 | 修好 & 又 | 反反复复 | 反复修 | 修不好 | 没修好 | 还没修好 | 还是没修好 | 几进宫 | 二进宫 | 三进宫 | 五进宫 | 反映过很多次 | 反映 & 很多次 | 反映了好几次 | 反馈 & 次 | 多次反映 | 多次反馈 | 多次投诉 |
         投诉过 & 又 | 投诉过 & 还是 | 还是那个问题 | 还是老问题 | 老问题 | 还是一样的问题 | 同样的问题 | 同一个问题 | 同一问题 | 同一故障 | 跟上次一样 | 跟上次一模一样 | 和上次一样 | 问题照旧 | 问题依旧 | 问题依然 | 第三个工单 | 工单 & 一个都没 |
         每次都说处理 | 之前的处理 & 没用 | 根本没用 & 处理 | 一直没解决 | 始终没解决 |
         third repair | third time | fourth time | fifth time | third visit | fourth visit | fifth visit | sixth | third ticket | fourth ticket | second repair | third failure | fourth failure | repaired & times | fixed & times |
         repaired twice | again and again | over and over | same problem & again | same issue & again | same fault & again | same problem is back | same issue is back | problem is back | issue is back | same fault | same problem | same issue |
         broke again | broken again | died again | failed again | here we are again | keeps coming back & unfixed | came back & unfixed | still isn't fixed | still not fixed | still unresolved | unresolved & time | repeat caller | second time & repair* |
         your last fix | last fix didn't | nothing has ever been done | complained & last month | reported this & times | for the nth time | new board & again`,
        '同样的价格 | same problem with my friend',
      ),
    ],
    actions: [category('repeat'), raiseTo('high')],
  },
  {
    name: 'repeat-history',
    en: 'Third conversation in 30 days',
    zh: '30 天内第三次来访',
    conditions: [{ type: 'history', not: false, tickets: 3, days: 30 }],
    actions: [raiseTo('high'), { type: 'tag', tag: '多次来访' }],
  },
]
