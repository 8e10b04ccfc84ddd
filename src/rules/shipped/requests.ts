/** What is not a fault: loss, warranty, price, service, and how to do something. */
import { category, plainWords, type ShippedRule } from './rule.ts'

const rule = (name: string, en: string, zh: string, to: string, text: string, except = ''): ShippedRule => ({
  name,
  en,
  zh,
  conditions: [plainWords(text, except)],
  actions: [category(to)],
})

export const lost: ShippedRule = rule(
  'lost',
  'Lost or stolen',
  '丢失或被盗',
  'lost',
  `手机丢了 | 手机 & 丢失 | 手机掉了 | 手机不见 | 手机 & 不见了 | 手机唔见 | 手机 & 唔见 | 把手机丢 | 丢了手机 | 遗失 | 被偷 | 被盗了 | 被抢 | 偷了 | 小偷 | 扒手 | 失窃 | 落下手机 | 手机 & 落在 | 手机 & 忘在 | 手机 & 捡到 | 远程锁定 | 查找手机 | 找回手机 | 查找功能 | 锁imei | 锁 & imei | 挂失 | 手机 & 定位 & 找 |
   lost my phone | lost phone | lost the phone | lost device | my phone & stolen | stolen | stole | nicked | thief | thieves | pickpocket* | robbed | mugged | left it in a | left my phone | left the phone | find my device | find my phone | locate it | locate my | trace it | lock it remotely | remotely lock | block the imei`,
  '被盗了多少 | stole my heart',
)

export const requests: readonly ShippedRule[] = [
  rule(
    'warranty',
    'Warranty',
    '保修',
    'warranty',
    `保修 | 过保 | 在保 | 保内 | 保外 | 质保 | 保固 | 三包 | 延保 | 碎屏险 | 拒保 | 不给保 | 人为损坏 | 保不保 | 理赔 | 激活时间 | 激活日期 | 保险 & 赔 |
     warranty | guarantee* | covered | insurance & claim | insurance claim | screen insurance | user damage | extended cover | activated & before`,
    '保修单怎么填',
  ),
  rule(
    'price',
    'Price and promotion',
    '价格与促销',
    'price',
    `降价 | 差价 | 涨价 | 价保 | 保价 | 优惠 | 优惠券 | 折扣 | 打折 | 满减 | 以旧换新 | 估价 | 旧机 & 价 | 赠品 | 赠送 | 说好送 | 送 & 耳机 | 活动 & 结束 | 活动价 | 活动价格 | 太贵 | 更便宜 | 便宜 & 千 | 便宜 & 百 | 抢钱 | 报价 | 韭菜 | 套路 | 分期 | 扣款 | 多扣 | 扣了两 | 重复扣 | 发票 & 金额 | 发票 & 错 | 开票 | 发票开 | 学生优惠 | 定金 | 尾款 | 价格 |
     price* | cheaper | discount* | coupon* | voucher* | promo* | trade in | trade-in | gift card | free gift | earbuds & promis* | charged twice | double charged | refund & difference | overcharged | robbery | expensive | quote | repair & cost* | invoice | deal & expired | student & verif* | launch offer | black friday`,
    '',
  ),
  rule(
    'service',
    'After-sales service',
    '售后服务',
    'service',
    `客服 & 没人 | 没人接 | 没人回 | 没人理 | 没人管 | 没人处理 | 没人联系 | 已读不回 | 不回消息 | 不回复 | 还没回复 | 未回复 | 回复 & 天 | 小时回复 | 答非所问 | 转人工 | 人工客服 | 机器人 & 客服 | 客服 & 机器人 | 机器人客服 | 踢皮球 | 推诿 | 推来推去 | 敷衍 | 态度 | 道歉 | 送修 | 寄修 | 寄过去 | 维修 & 月 | 维修 & 半个月 | 修了一个月 | 修了半个月 | 等零件 | 缺货 & 修 |
     没消息 | 没有消息 | 一点消息 | 没有进展 | 没进展 | 上门 | 预约 | 网点 | 门店 | 售后 | 服务 & 差 | 服务太差 | 服务 & 赞 | 维修中心 | 维修点 | 师傅 | 工程师 | 修回来 | 修完 & 划痕 | 退货 | 退款 | 退机 & 不 | 换货 | 发货 | 物流 | 快递 | 签收 | 投诉 & 不 | 等了 & 小时 | 等了俩小时 | 排队 | 挂电话 | 挂我电话 | 电话 & 打不通 | 打不通 |
     on hold | nobody picks up | no one picks up | nobody answers | no answer | no reply | no response | never replied | never reply | ever reply | reply in | rude | attitude | hung up | technician | service center | service centre | service is | service desk | repair desk | store & says | the store | customer service | your support | support team |
     support & passing | passing me around | chatbot | your bot | the bot | a human | real person | sent it for repair | sent & repair | from repair | repair & scratch* | repair & weeks | waiting for parts | for parts | no update* | zero updates | under review | return request | return & refund | my return | refund & days | never showed | appointment |
     10/10 service | great service & waited | waited & hours | hours & wait* | in line | signed for | never arrived | hasn't shipped | hasnt shipped | not shipped | order & ship* | shipping | tracking | apolog* | unhelpful | ignored | ignoring`,
    '门店记录 | 门店: | 服务很好 | 态度很好 | 售后很好 | store note',
  ),
  rule(
    'usage',
    'How to use it',
    '使用咨询',
    'usage',
    `怎么 | 怎样 | 如何 | 点样 | 请问 | 求教 | 在哪里设置 | 哪里设置 | 在哪设置 | 能不能设置 | 可以同时 | 支持 & 吗 | 可以 & 吗 | 咨询如何 | 说明书 & 看不懂 | 哪个是 | 忘记 & 密码 | 忘了 & 密码 | 需要多大 | 教程 | 设置 & 哪里 |
     how do i | how can i | how to | how do you | where do i | where is the setting | where's the setting | is there a way | does it support | can it | which one is | how big is | forgot my pin | forgot my password | what does & mean | set up | manual says | is it possible to | how many & can`,
    '怎么回事 | 怎么办 & 坏 | 怎么搞的 | 怎么又 | 怎么还 | 怎么这么 | 怎么样了 | how can you | how can this | how dare | how is this',
  ),
]

export const question: ShippedRule = {
  name: 'ask-product-facts',
  en: 'Ask for model, serial number and date of purchase',
  zh: '询问型号、序列号与购买日期',
  conditions: [
    { type: 'category', not: false, any: ['product', 'warranty'] },
    { type: 'missing', not: false, facts: ['serial'] },
  ],
  actions: [
    {
      type: 'question',
      zh: '您好,很抱歉给您带来不便。为了尽快核实,请告诉我们:①手机型号;②序列号或 IMEI(在“设置-关于手机”中,或拨号盘输入 *#06#);③购买日期。如有购买凭证,也请拍照发给我们。',
      en: 'We are sorry about the trouble. So that we can look into it at once, please tell us: 1. the model; 2. the serial number or IMEI (in Settings > About phone, or dial *#06#); 3. the date of purchase. If you have the receipt, please send us a photo of it.',
    },
  ],
}
