/** Where the demo's customers meet: a forum, whose topics are conversations of their own, and a channel that is commented on. */
import type { ChatInfo } from '../simulator.ts'
import type { Part } from './people.ts'

export const forum: {
  readonly chat: ChatInfo
  readonly topics: readonly { readonly name: string; readonly parts: readonly Part[] }[]
  /** In no topic. */
  readonly general: readonly Part[]
} = {
  chat: { id: -1002345678901, type: 'supergroup', title: '机友互助群', is_forum: true },
  topics: [
    {
      name: '电池与发热',
      parts: [
        {
          name: '北方的狼尾草',
          language: 'zh',
          opening: [
            { says: '有没有同款，零下十度拿出来电量直接从 60% 掉到关机，回屋里开机又是 58%' },
            { photo: '今早的电量曲线，断崖那里就是关机' },
          ],
          answers: [
            [{ says: '电池健康显示 91%，系统是最新版本' }],
            [{ says: '好的，那我先套个壳保暖，不行再去检测。谢谢' }],
          ],
        },
        {
          name: 'Kettle',
          username: 'kettle_on',
          language: 'en',
          opening: [
            { says: 'Mine gets hot while charging since the update, too. 43 °C on the sensor. Is that still safe?' },
          ],
          answers: [
            [{ says: 'Original charger, no case, screen off.' }],
            [{ says: 'Turned fast charging off at night, 36 °C now. Thanks!' }],
          ],
        },
      ],
    },
    {
      name: 'Repairs & warranty',
      parts: [
        {
          name: 'Olive Branch',
          username: 'olive_b',
          language: 'en',
          opening: [
            {
              says: 'Screen replaced in October, now the fingerprint reader under it does not work. Who pays for that?',
            },
          ],
          answers: [
            [{ says: 'Authorised centre, I have the receipt.' }, { photo: 'This one.' }],
            [{ says: 'Great, then I will drop it off again tomorrow.' }],
          ],
        },
      ],
    },
  ],
  general: [
    {
      name: '雨天收音机',
      language: 'zh',
      opening: [{ says: '新人报到，请问换机之后聊天记录怎么一起搬过去？老手机屏幕已经碎得点不了了' }],
      answers: [[{ says: '有一台旧平板，可以投屏吗' }], [{ says: '搞定了，鼠标转接头救了我' }]],
    },
  ],
}

export const channel: {
  readonly chat: ChatInfo
  readonly discussion: ChatInfo
  readonly posts: readonly { readonly text: string; readonly parts: readonly Part[] }[]
} = {
  chat: { id: -1002345678902, type: 'channel', title: '系统更新公告', username: 'update_notes_demo' },
  discussion: { id: -1002345678903, type: 'supergroup', title: '系统更新公告 · 讨论' },
  posts: [
    {
      text: '6.2.120 版本开始分批推送：修复相册闪退、部分机型 5G 反复掉线。\nVersion 6.2.120 is rolling out: fixes gallery crashes and 5G drops.',
      parts: [
        {
          name: '三分甜',
          language: 'zh',
          opening: [{ says: '更新完指纹解锁反应慢半拍，是我一个人这样吗' }],
          answers: [[{ says: '重新录入过了，还是要按两次' }], [{ says: '清缓存之后正常了，谢谢回复' }]],
        },
        {
          name: 'Second Hand Sailor',
          username: 'shsailor',
          language: 'en',
          opening: [{ says: 'Still not offered to me. Stuck on 6.2.100, "your phone is up to date".' }],
          answers: [
            [{ says: 'Bought abroad, so maybe that is it? Region code is on the box.' }],
            [{ says: 'Understood, I will wait for it then.' }],
          ],
        },
      ],
    },
  ],
}
