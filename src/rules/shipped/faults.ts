/** Faults of the product, by part. The first that hits gives the category: who says what exactly goes before who says it roughly. */
import { category, plainWords, type ShippedRule } from './rule.ts'

const rule = (name: string, en: string, zh: string, to: string, text: string, except = ''): ShippedRule => ({
  name,
  en,
  zh,
  conditions: [plainWords(text, except)],
  actions: [category(to)],
})

export const faults: readonly ShippedRule[] = [
  rule(
    'data',
    'Data',
    '数据',
    'product.data',
    `照片 & 没了 | 照片 & 丢 | 照片 & 不见 | 相册 & 清空 | 相册 & 没 | 相册 & 不见 | 通讯录 & 丢 | 通讯录 & 没了 | 通讯录 & 不见 | 联系人 & 没了 | 联系人 & 不见 | 联系人 & 丢 | 聊天记录 & 没 | 聊天记录 & 丢 |
     备忘录 & 不见 | 备忘录 & 没 | 短信 & 没了 | 文件 & 损坏 | 文件 & 丢 | 文件 & 打不开 | 文件 & 不见 | 资料 & 不见 | 资料 & 没了 | 资料 & 丢 | 数据丢 | 数据 & 没 | 数据 & 丢 | 数据 & 恢复 | 数据 & 迁移 | 数据迁移 | 换机 & 断 | 换机 & 不见 |
     备份 & 失败 | 备份 & 没 | 备份 & 恢复 | 恢复 & 失败 | 恢复 & 删 | 误删 | 云端 & 同步 | 云同步 | 同步不了 | 同步失败 | 云盘 & 没 | 存储 & 满 | 内存 & 满 | 空间 & 满 | 空间 & 不释放 | 日历 & 没了 | 笔记 & 没了 |
     photos & vanish* | photos & gone | photos & disappear* | photos & lost | photos & missing | pictures & gone | pictures & lost | pictures & disappear* | contacts & gone | contacts & disappear* | contacts & missing | contacts & lost |
     notes & gone | notes & disappear* | messages & lost | messages & gone | messages & missing | chat history | chats & gone | data loss | lost & data | data & lost | data & gone | data recovery | recover & data | recover them | wiped & everything | wiped everything |
     wiped my | backup & fail* | backup & gone | restore & fail* | restore failed | cloud sync | sync & stuck | sync & missing | won't sync | not syncing | file* & corrupt* | documents & corrupt* | files & missing | files & gone |
     storage & full | storage & nothing | transfer & died | transfer & stopped | transfer & halfway | erased & everything | calendar & gone | has my data`,
    '换屏 & 数据线',
  ),
  rule(
    'camera',
    'Camera',
    '相机',
    'product.camera',
    `相机 | 摄像头 | 镜头 | 前置 | 后置 | 对焦 | 对不上焦 | 拍照 & 糊 | 拍照 & 模糊 | 拍照 & 紫 | 拍照 & 黑 | 拍照 & 偏 | 拍出来 | 拍的照片 & 糊 | 照片 & 糊 | 照片 & 模糊 | 照片 & 黑点 | 夜景 | 长焦 | 广角 | 闪光灯 | 录像 | 录视频 | 录的视频 |
     自拍 & 糊 | 扫码 & 不出 | 扫码扫不 | 扫码 & 糊 | 防抖 |
     camera* | lens | autofocus | focus & photo* | won't focus | blurry | out of focus | night photo* | night mode & photo* | photos & purple | photos & blurry | selfie* | zoom & shak* | flash & fire | flash & work | flash & doesn't | flashlight & broken |
     videos & sound | video & record* | record* & video* | videos record`,
    '拍的,赞 | shot this | 用你家手机拍 | shot on your phone',
  ),
  rule(
    'screen',
    'Screen',
    '屏幕',
    'product.screen',
    `屏幕 & 绿线 | 绿线 | 屏幕 & 线 | 屏幕 & 闪 | 屏幕闪烁 | 闪屏 | 花屏 | 黑屏 | 白屏 | 蓝屏 | 烧屏 | 残影 | 屏幕 & 裂 | 屏幕 & 碎 | 屏幕 & 一碰就碎 | 屏幕 & 黑斑 | 屏幕 & 斑 | 荧幕 | 屏幕 & 黄 | 屏幕 & 坏 | 屏幕 & 失灵 | 屏幕 & 没反应 | 屏幕 & 点 | 屏幕 & 漏光 |
     漏光 | 坏点 | 亮点 | 触屏 | 触摸 & 失灵 | 触摸 & 没反应 | 触控 | 乱跳 | 鬼触 | 折叠屏 | 折痕 | 内屏 | 外屏 | 息屏 | 亮度 & 忽 | 忽明忽暗 | 屏幕 & 偏色 | 偏色 | 屏幕 & 色差 | 屏幕 & 起泡 | 屏幕 & 鼓 | 屏幕 & 暗 | 屏幕 & 亮 & 不 | 点不亮 |
     screen | display | touchscreen | touch & dead | ghost touch* | green line | dead pixel* | pixels | flicker* | burn-in | burn in | yellow tint | brightness & jump* | brightness & up and down | light bleed* | foldable & crease | crease | panel`,
    `screen insurance | screenshot* | lock screen | screen replacement | screen time | home screen | screen protector | screen recording | 屏幕素质 | 屏幕真 | 碎屏险 | 换个屏 | 截屏 | 锁屏 | 屏保 | 大屏 | gorgeous display | beautiful display | great display | amazing display |
     beautiful screen | great screen | shows recovery | reaches the lock screen`,
  ),
  rule(
    'boot',
    'Starting up',
    '开机',
    'product.boot',
    `无法开机 | 不能开机 | 开不了机 | 开不开机 | 不开机 | 开机 & 卡 | 开机画面 | 开机 & 转圈 | 开机 & 进不去 | 开机 & 分钟 | 开机 & 久 | 再也开不 | 开不起来 | 自动重启 | 自己重启 | 老重启 | 一直重启 | 无限重启 | 不停重启 | 频繁重启 | 反复重启 | 总重启 | 重启 & 次 | 变砖 | 成砖 | 黑砖 | 砖头 |
     板砖 | 按电源键 & 没反应 | 电源键 & 没反应 | 按电源 & 没 | 无法进入系统 | 进不了系统 | 进不去系统 | 恢复模式 | 无法启动 | 启动不了 | 突然关机 & 开不 | 打不开机 | 死机 & 开不 |
     won't turn on | wont turn on | doesn't turn on | not turn on | cannot turn on | can't turn on | won't start | wont start | cannot start | can't start | doesn't start | won't boot | wont boot | boot loop | bootloop* | boot looping | stuck on the logo | stuck on logo |
     stuck at logo | stuck & logo | reboots itself | reboots by itself | rebooting itself | reboots & times | restarts itself | restarts by itself | keeps restarting | keeps rebooting | random restarts | random reboots | brick* | pressing power | power button & nothing | recovery mode |
     just dead | completely dead | dead phone | never came back | to start up | at startup | dead brick | switched itself off & never`,
    'brick and mortar',
  ),
  rule(
    'battery',
    'Battery and charging',
    '电池与充电',
    'product.battery',
    `掉电 | 耗电 | 费电 | 续航 & 差 | 续航 & 拉胯 | 续航 & 不行 | 续航 & 短 | 续航 & 崩 | 续航 & 尿崩 | 续航 & 半天 | 续航拉胯 | 续航 & 不如 | 续航 & 越来越 | 续航 & 垃圾 | 续航 & 缩水 | 电池 & 不耐用 | 电池 & 不行 | 电池 & 健康 | 电池 & 掉 | 电池 & 坏 | 电池 & 差 | 电池 & 不经用 |
     电池 & 快 & 没 | 不耐用 | 不经用 | 充不进 | 充电 & 慢 | 充电慢 | 充不满 | 充不上 | 充电 & 没反应 | 充电 & 断 | 充电 & 停 | 无法充电 | 不能充电 | 不充电 | 充电口 | 充电孔 | 充电器 & 坏 | 充电头 | 充电线 & 坏 | 快充 & 没 | 快充 & 不 | 只能慢充 | 无线充电 & 断 | 无线充电 & 不 | 接触不良 | 电量 & 跳 | 电量 & 关机 |
     电量 & 还有 | % & 关机 | 待机 & 掉 | 一天三充 | 一天两充 | 一天一充 | 发热 | 发烫 | 很烫 | 太烫 | 烫手 | 手机烫 | 烫得 | 过热 | 温度过高 | 暖手宝 | 满电 & 没 | 电池 & 冒 | 电池 & 鼓 | 充电 & 电池 |
     drain* | battery life & joke | battery life & bad | battery life & terrible | battery life & awful | battery life & worse | battery health | battery & dies | battery & hour* | battery & two day | battery & percent | battery & hold | hold a charge | hold charge | battery check |
     won't charge | wont charge | doesn't charge | not charging | stopped charging | stops charging | charge past | charg* & slow* | slow* & charg* | charger & stopped | charger & broken | charger & dead | charging port | usb port | port & loose | hold the cable | wireless charging | charging keeps |
     shuts down at | dies at | overheat* | runs hot | gets hot | so hot | too hot | gets warm | hand warmer | fry an egg | temperature too high | burns through battery | through battery | overnight & loses | loses & overnight | % overnight | battery & swell* | battery & swollen`,
    '充电速度快到 | 充电 & 起飞 | charged twice | charged me | double charged | battery life is killer | 电池很耐用',
  ),
  rule(
    'network',
    'Network',
    '网络',
    'product.network',
    `没信号 | 无信号 | 信号差 | 信号 & 差 | 信号 & 没 | 信号弱 | 信号 & 断 | 信号 & 不好 | 没有信号 | 连不上 | 连不上网 | 连不上wifi | wifi | wi-fi | 无线网 | 上不了网 | 没网 | 没有网 | 没网络 | 没网路 | 网路 | 断网 | 网络 & 慢 | 网络 & 断 | 无法连接网络 | 网络设置 | 5g & 没 | 4g & 没 | 2g | 掉网 | 蓝牙 & 断 | 蓝牙 & 连 | 蓝牙老 |
     sim卡 | 无sim | 不读卡 | 识别不到卡 | 漫游 | 通话 & 断 | 打电话 & 断 | 打电话 & 听不清 | 热点 | 定位漂 | 定位不准 | gps | 导航 & 漂 | 流量 & 上不 | 不能上网 | 收不到短信 |
     no signal | signal & drop* | bad signal | weak signal | signal is | no service & phone | wifi | wi-fi | can't connect | won't connect | doesn't connect | not connect | bluetooth | 5g | 4g | lte | no sim | sim & error | sim error | roaming | mobile data | nothing loads | calls drop | call drops | drop* & call* |
     reception | hotspot | gps | same sim | crawling | no internet`,
    'connect two | 连两个蓝牙 | 5g套餐 | sim tray | which sim',
  ),
  rule(
    'lag',
    'Slow or freezing',
    '卡顿',
    'product.lag',
    `卡顿 | 卡成 | 卡死 | 很卡 | 太卡 | 巨卡 | 好卡 | 卡得 | 爆炸卡 | 卡爆 | 卡到 | 卡了 | 卡机 | 死机 | 闪退 | 掉帧 | 反应慢 | 反应迟钝 | 运行缓慢 | 运行慢 | 系统崩溃 | 崩溃 & 重启 | 崩溃了 | 不流畅 | 不顺 | 滑动 & 顿 | 打开 & 秒 | 打个字 & 等 | 打字 & 卡 | 无响应 | 冻住 |
     lag | lags | laggy | lagging | slow after | is slow | so slow | sooo slow | very slow | slower | super slow | slow since | stutter* | freez* | frozen | froze | crash* | frame drop* | drops frames | unresponsive | hangs | sec to open | seconds to open | slideshow | force restart`,
    'charges super slow | charging is slow | slow support | slow service',
  ),
  rule(
    'parts',
    'Other parts',
    '其他部件',
    'product',
    `扬声器 | 喇叭 | 破音 | 听筒 | 麦克风 | 话筒 | 听不见我 | 没声音 | 按键 & 失灵 | 按键 & 坏 | 按键 & 不 | 音量键 | 电源键 & 松 | 侧键 & 坏 | 指纹 | 面容 | 人脸 & 解锁 | 面部识别 | 掉漆 | 后盖 & 裂 | 中框 | 振动 | 震动 | 马达 | 进水 | 防水 | 卡托 | 卡槽 | 拔不出来 | 耳机孔 | 铰链 |
     speaker* | crackl* | microphone | mic & broken | mic & work* | can't hear | cant hear | nobody can hear | earpiece | volume button | power button & stuck | button & stuck | button & broken | fingerprint | face unlock | face id | paint & peel* | peeling | vibrat* | water resist* | waterproof | splash |
     sim tray | headphone jack | hinge`,
    '人脸识别支付怎么 | is water damage covered',
  ),
]
