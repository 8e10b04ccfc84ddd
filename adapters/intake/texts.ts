/** Sentences for the people at the desk. */
export const away = { en: 'Your program cannot be reached.', zh: '无法连接到您的程序。' }
export const unclear = { en: 'Your program gave no clear answer.', zh: '您的程序没有给出明确的答复。' }
export const credentials = {
  en: 'Your program refuses the signature. Compare the signing secret.',
  zh: '您的程序拒绝了签名，请核对签名密钥。',
}
export const forbidden = { en: 'Your program does not allow this answer.', zh: '您的程序不允许此回复。' }
export const gone = {
  en: 'There is nothing at the address for answers, or the conversation is over.',
  zh: '回复接收地址不存在，或该会话已结束。',
}
export const tooLong = { en: 'The answer is too large for your program.', zh: '回复内容超出您的程序的限制。' }
export const files = { en: 'Your program does not take such a file.', zh: '您的程序不接受此类文件。' }
export const twice = { en: 'Your program says that it has this answer already.', zh: '您的程序表示已收到过此回复。' }
export const refused = { en: 'Your program refused the answer.', zh: '您的程序拒绝了该回复。' }
export const busy = { en: 'Your program asks us to wait.', zh: '您的程序要求稍后再试。' }
export const spoken = {
  en: 'Answers are given by a person here: nothing is sent.',
  zh: '此渠道由人工答复，不会发送消息。',
}
