/** Every word of the website form. */
export const languages = ['zh-CN', 'en'] as const
export type Language = (typeof languages)[number]

const zh = {
  title: '联系我们',
  intro: '请填写下面的表单，我们会尽快与您联系。',
  required: '必填',
  name: '姓名',
  contact: '联系方式',
  contactHelp: '手机号和邮箱至少填写一项，我们将据此回复您。',
  phone: '手机号',
  email: '邮箱',
  order: '订单号或序列号',
  text: '您遇到的问题',
  textHelp: '请尽量写清楚发生了什么，以及您希望我们怎么处理。',
  files: '图片、视频或 PDF',
  filesHelp: '最多 5 个，总计不超过 8 MB。',
  honeypot: '请勿填写此项',
  send: '提交',
  other: 'English',
  errors: '请修改以下内容后重新提交',
  filesAgain: '附件需要重新选择。',
  thanks: '已收到，谢谢您',
  number: '您的工单编号是',
  keep: '请保存此编号，以便后续查询。',
  reply: '我们会通过您留下的联系方式回复。',
  another: '再提交一份',
  wait: '提交过于频繁',
  waitHelp: '为防止滥用，请稍后再试。您填写的内容尚未提交。',
  error: {
    text: '请填写您遇到的问题。',
    textLong: '内容过长，请控制在 5,000 字以内。',
    contact: '请填写手机号或邮箱。',
    phone: '手机号格式不正确。',
    email: '邮箱格式不正确。',
    long: '内容过长。',
    files: '附件最多 5 个，总计不超过 8 MB。',
    fileType: '仅支持图片、视频（MP4）和 PDF。',
    expired: '页面停留时间过长，请再次点击提交。',
    changed: '表单内容不完整，请重新填写。',
  },
}

const en: typeof zh = {
  title: 'Contact us',
  intro: 'Fill in the form and we will get back to you as soon as we can.',
  required: 'required',
  name: 'Name',
  contact: 'How we reach you',
  contactHelp: 'A phone number or an e-mail address: we answer there.',
  phone: 'Phone number',
  email: 'E-mail address',
  order: 'Order or serial number',
  text: 'What happened',
  textHelp: 'Say what happened and what you would like us to do.',
  files: 'Pictures, videos or PDFs',
  filesHelp: 'Up to 5 files, 8 MB in all.',
  honeypot: 'Leave this empty',
  send: 'Send',
  other: '中文',
  errors: 'Please mend this and send again',
  filesAgain: 'Files have to be chosen again.',
  thanks: 'Received, thank you',
  number: 'The number of your ticket is',
  keep: 'Keep it for later questions.',
  reply: 'We answer by the contact details you left.',
  another: 'Send another one',
  wait: 'Too many forms',
  waitHelp: 'To keep abuse out, please wait a little. What you wrote was not sent.',
  error: {
    text: 'Say what happened.',
    textLong: 'This is too long: 5,000 characters at most.',
    contact: 'Leave a phone number or an e-mail address.',
    phone: 'This is no phone number.',
    email: 'This is no e-mail address.',
    long: 'This is too long.',
    files: 'Up to 5 files, 8 MB in all.',
    fileType: 'Pictures, videos (MP4) and PDFs can be sent.',
    expired: 'The page was open for too long. Please press Send again.',
    changed: 'The form was not complete. Please fill it in again.',
  },
}

export type Words = typeof zh
export type ErrorCode = keyof Words['error']
export const words: Record<Language, Words> = { 'zh-CN': zh, en }

/** What the address asks for, else what the browser likes best, else the account's own. */
export function languageOf(asked: string | null, accepted: string | null, usual: Language): Language {
  for (const language of languages) if (asked === language) return language
  for (const one of (accepted ?? '').toLowerCase().split(',')) {
    if (/^\s*zh\b/u.test(one)) return 'zh-CN'
    if (/^\s*en\b/u.test(one)) return 'en'
  }
  return usual
}
