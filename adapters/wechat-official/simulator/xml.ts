/** A push as WeChat writes it: text in CDATA, numbers bare. */
export type Fields = Readonly<Record<string, string | number>>

export function toXml(fields: Fields): string {
  const lines = Object.entries(fields).map(([name, value]) =>
    typeof value === 'number' || name === 'MsgId'
      ? `<${name}>${value}</${name}>`
      : `<${name}>${cdata(value)}</${name}>`,
  )
  return `<xml>${lines.join('\n')}\n</xml>`
}

const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
