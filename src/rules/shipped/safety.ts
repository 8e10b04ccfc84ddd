/** Somebody may be hurt: these come first. A false alarm costs a look, a missed one a house. */
import { raiseTo, type ShippedRule, words } from './rule.ts'

/** Sayings with fire in them. */
const sayings = `
  过电池 | 过电话 | 过电量 | 过电源 | 过电脑 | 过电视 | 带电池 | 带电脑 | 带电源 | 带电话 | 被电话 | 被电商 | 被电信 | 充电到 | 充电得 | 来电得 | 省电得 | 掉电得 | 手麻烦 | 砰然 | 有烟火 | 烟花 |
  心态 & 爆炸 | 心态 & 炸 | 炸裂 | 性能 & 爆炸 | 爆炸卡 | 爆炸好 | 爆炸强 | 爆炸快 | 速度 & 爆炸 | 音质 & 爆炸 | 价格 & 爆炸 | 信息爆炸 | 内存 & 爆炸 |
  气得 & 冒烟 | 气到 & 冒烟 | 急得 & 冒烟 | 嗓子 & 冒烟 | 七窍冒烟 | 头顶冒烟 | 忙得 & 冒烟 | 气炸 | 肺 & 炸 | 脑袋 & 炸 | 头 & 炸了 | 炸街 | 炸鸡 | 油炸 | 炸毛 | 炸锅 |
  评论区 & 炸 | 朋友圈 & 炸 | 群 & 炸了 | 麻烦 | 麻木 | 肉麻 | 密密麻麻 | 芝麻 | 睡着了 | 找着了 | 接着了 | 跟着了 | 烧脑 | 烧钱 | 发烧 | 燃爆 | 火爆 | 煎鸡蛋 |
  smoking deal | smoking hot deal | smokes the | smoke effects | smoke and mirrors | steam & ears | phone is fire | is fire | so fire | fire sale | fire deal | camp fire |
  campfire | fire up | under fire | burns through | burn through | burning through | burn in | burn-in | burnt in | screen burn | burned by | burn out | burnout | burning question |
  burn my money | burning a hole in my pocket | burn rate | explosive performance | explosive growth | explodes my | exploded my mind | mind & exploded | head & explode |
  explode with | patience & explode | rage & explode | inbox & exploded | shocked at | shocked by | shocked how | shocked that | shocked to | shocked when | shock & price | sticker shock | culture shock |
  shocked & price | sparks joy | spark joy | melted my heart | melts my heart | heart & melt | blew me away | blew my mind | light bleeding | light bleed | backlight bleed | bleeding edge | bleed along`

export const safety: readonly ShippedRule[] = [
  {
    name: 'safety-glass',
    en: 'Safety: hurt by glass',
    zh: '安全:玻璃伤人',
    conditions: [
      words(
        `屏幕 & 流血 | 玻璃 & 流血 | 屏幕 & 划伤手 | 玻璃 & 划 | 玻璃 & 割 | 玻璃 & 扎 | 碎屏 & 扎 | 碎 & 扎手 | 碎 & 割手 | 屏 & 划破 | 碎 & 流血 | 碎片 & 眼 | 碎渣 & 手 | 玻璃渣 |
         glass & cut | screen & cut my | shard* & cut | glass & bleed* | glass & blood | shard* & hand | shard* & finger* | splinter* & finger* | splinter* & eye* | glass & my eye`,
        sayings,
      ),
    ],
    actions: [
      raiseTo('urgent'),
      { type: 'category', to: 'product.screen', replace: true },
      { type: 'tag', tag: '安全' },
    ],
  },
  {
    name: 'safety',
    en: 'Safety: fire, smoke, swelling, shock',
    zh: '安全:起火、冒烟、鼓包、漏电',
    conditions: [
      words(
        `冒烟 | 冒白烟 | 冒黑烟 | 出烟 | 有烟 | 浓烟 | 起火 | 着火 | 著火 | 失火 | 自燃 | 燃烧 | 火苗 | 火花 | 火星 | 冒火 | 火灾 | 明火 | 烧起来 | 烧着 | 自己着了 | 着了 | 烧了 & 洞 | 烧穿 | 烧焦 |
         烧糊 | 烧坏了插 | 烧黑 | 焦味 | 焦糊 | 糊味 | 烧焦味 | 焦臭 | 塑料味 & 充电 | 刺鼻 | 充电口 & 黑了 | 插座 & 黑 | 烫伤 | 灼伤 | 烧伤 | 烫起泡 | 烫出泡 | 起泡 & 烫 | 起水泡 | 烫红 | 烫出 & 印 |
         鼓包 | 鼓了 | 鼓起 | 鼓成 | 发鼓 | 鼓胀 | 胀气 | 膨胀 | 涨起来 | 胀起来 | 胀大 | 后盖 & 顶 | 屏幕 & 顶起 | 屏幕 & 顶开 | 电池 & 鼓 | 电池 & 胀 | 电池 & 变形 | 后盖 & 翘 & 电池 | 鼓 & 翘 |
         漏电 | 触电 | 电击 | 过电 | 被电 | 电到 | 电了一下 | 电麻 | 麻手 | 手麻 | 电得 | 带电 | 有电流 | 充电 & 麻 | 边充 & 麻 | 充电 & 发麻 |
         爆炸 | 炸了 | 炸开 | 炸机 | 爆燃 | 爆开 | 嘭 | 砰 | 漏液 | 电池 & 漏 | 熔化 | 融化 | 烧化 | 噼里啪啦 | 滋滋 & 充电 |
         smoke | smoking | smokin | smoked | smoky | fire | on fire | flame* | ablaze | ignit* | burning | burnt | burned | burn on my | burns on my | burn mark* | burn my | burned my | burns my | degree burn* |
         got burned | scorch* | singe* | charred | melt* | explod* | explosion* | blew up | blown up | loud pop | loud bang | sparks | spark | sparked | sparking | arcing | swollen | swell* | bulg* | bloat* | puffy |
         puffed | puffing | balloon* | battery & fat | batt & fat | pillow | expanded battery | battery & expand* | back & popped off | back & lifting | battery & lifting | electric shock* | electrocut* |
         got a shock | shocked me | shocks me | gives me a shock | shock from | shock when | shock every | zap* | jolt* | tingl* | current through | hiss* & charg* | hisses | leaking & battery | battery & leak* |
         battery & liquid | chemical smell | acrid | smell of plastic | smells of plastic | plastic & smell* & charg* | smells like & plastic | blister* | 🔥 & charg* | 🔥 & 充电`,
        sayings,
      ),
    ],
    actions: [
      raiseTo('urgent'),
      { type: 'category', to: 'product.battery', replace: true },
      { type: 'tag', tag: '安全' },
    ],
  },
]
