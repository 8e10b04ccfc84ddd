/** What an agent or an administrator reads. */
import type { Bilingual } from '#channel/errors.ts'

const say = (en: string, zh: string): Bilingual => ({ en, zh })

export const texts = {
  notHere: say(
    'This server is not connected to WeChat at the moment; the reply is sent as soon as it is.',
    '当前服务器尚未连接微信，连接后会自动发送该回复。',
  ),
  starting: say('Connecting to WeChat.', '正在连接微信。'),
  signedOut: say(
    'The WeChat account is signed out; replies wait. Scan the code on the account’s page with the phone.',
    '微信账号已退出登录，回复将等待。请用手机扫描账号页面上的二维码登录。',
  ),
  noCode: say(
    'The WeChat account is signed out; replies wait. A code to scan will appear here when the puppet brings one.',
    '微信账号已退出登录，回复将等待。puppet 给出二维码后会显示在此处。',
  ),
  scanned: say('The code was scanned; confirm on the phone.', '二维码已扫描，请在手机上确认登录。'),
  away: say(
    'The connection to the WeChat gateway broke; it is opened again by itself.',
    '与微信网关的连接已断开，系统会自动重连。',
  ),
  unreachable: say('The WeChat gateway cannot be reached.', '无法连接到微信网关。'),
  silent: say(
    'Nothing was heard from WeChat for too long; the connection is opened again.',
    '长时间未收到微信的任何响应，正在重新连接。',
  ),
  taken: say(
    'Another program uses this token; a token serves one connection only.',
    '该令牌正被其他程序使用；一个令牌同时只能有一个连接。',
  ),
  credentials: say('The WeChat gateway refuses the token.', '微信网关拒绝了该令牌。'),
  neverSeen: say('No server has connected to WeChat yet.', '尚无服务器连接到微信。'),
  noPlace: say('This conversation has no place in WeChat.', '该会话没有对应的微信聊天。'),
  oneThing: say('A text or one file at a time.', '每次只能发送一段文字或一个文件。'),
  nobody: say(
    'This contact is not found any more since the account signed in again; it needs a WeChat id or a unique remark name.',
    '账号重新登录后已找不到该联系人；需要其微信号，或设置唯一的备注名。',
  ),
  ambiguous: say(
    'Several contacts have this remark name; give each its own, so that the reply reaches the right person.',
    '有多个联系人使用同一备注名；请分别设置不同的备注名，以免回复发错人。',
  ),
  noAnswer: say('WeChat gave no answer; the reply may have arrived.', '微信没有给出答复，该回复可能已送达。'),
  unclear: say('WeChat’s answer does not say whether the reply arrived.', '微信的答复无法确定该回复是否已送达。'),
  busy: say('WeChat asks us to wait.', '微信要求稍后再试。'),
  gone: say('The contact or group does not exist any more.', '该联系人或群聊已不存在。'),
  permission: say('WeChat does not let this account write there.', '微信不允许该账号在此发送消息。'),
  duplicate: say('WeChat refused the reply as a repetition.', '微信以重复为由拒绝了该回复。'),
  tooLarge: say('The file is too large for the WeChat gateway.', '文件超出微信网关允许的大小。'),
  refused: say('The puppet refused the reply.', 'puppet 拒绝了该回复。'),
  cannot: say('This puppet cannot send that.', '该 puppet 不支持发送此类内容。'),
  fileElsewhere: say(
    'Only the server that is signed in to WeChat can fetch this file; it is tried again.',
    '只有已登录微信的服务器才能获取该文件，系统会重试。',
  ),
  fileLater: say(
    'The file could not be fetched from WeChat; it is tried again.',
    '暂时无法从微信获取该文件，系统会重试。',
  ),
  fileGone: say('The file is not at WeChat any more.', '微信上已没有该文件。'),
  fileTooLarge: say('The file is larger than what is kept.', '文件过大，未予保存。'),
} satisfies Record<string, Bilingual>

export function notInstalled(puppet: string): Bilingual {
  return say(
    `The package ${puppet} is not installed on this server. Install it on every server (npm install ${puppet}) and restart.`,
    `此服务器未安装 ${puppet}。请在每台服务器上安装（npm install ${puppet}）后重启。`,
  )
}

export function notAPuppet(puppet: string): Bilingual {
  return say(`The package ${puppet} could not be loaded as a puppet.`, `无法将 ${puppet} 作为 puppet 加载。`)
}
