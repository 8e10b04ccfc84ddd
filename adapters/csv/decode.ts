import { FileUnreadable } from '#channel/import.ts'

/** The text of a file, and how it was read. Throws {@link FileUnreadable}: it is no text. */
export function decode(bytes: Uint8Array): { readonly text: string; readonly encoding: string } {
  const [first, second] = bytes
  // Excel's “Unicode text” is UTF-16.
  if (first === 0xff && second === 0xfe) return { text: read(bytes, 'utf-16le') ?? '', encoding: 'UTF-16' }
  if (first === 0xfe && second === 0xff) return { text: read(bytes, 'utf-16be') ?? '', encoding: 'UTF-16' }
  // A workbook is a ZIP; an old one begins like this.
  if ((first === 0x50 && second === 0x4b) || (first === 0xd0 && second === 0xcf))
    throw new FileUnreadable('workbook', workbook)
  // GB18030 takes nearly any bytes, so UTF-8, which does not, is tried first. The decoder drops a byte order mark.
  for (const [label, encoding] of [
    ['utf-8', 'UTF-8'],
    ['gb18030', 'GB18030'],
  ] as const) {
    const text = read(bytes, label)
    if (text !== null && !text.includes('\0')) return { text, encoding }
  }
  throw new FileUnreadable('no_text', noText)
}

function read(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

const workbook = {
  en: 'This is an Excel workbook. Save it as “CSV UTF-8” in Excel and choose that file.',
  zh: '这是 Excel 工作簿。请在 Excel 中另存为“CSV UTF-8”后再选择该文件。',
}
const noText = {
  en: 'This file is no text in UTF-8 or GB18030.',
  zh: '该文件不是 UTF-8 或 GB18030 编码的文本。',
}
