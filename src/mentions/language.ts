/**
 * In which language a post is written, for filters and counts: by its letters, and among those written in Latin letters by
 * their commonest words. Pure, a few microseconds. What cannot be told is `und`; a wrong guess costs a wrong filter.
 */
const scripts: readonly (readonly [string, RegExp])[] = [
  // A Japanese or Korean text has Han characters too, so these are looked for first.
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['zh', /[\p{Script=Han}\p{Script=Bopomofo}]/gu],
  ['ru', /\p{Script=Cyrillic}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['th', /\p{Script=Thai}/gu],
  ['hi', /\p{Script=Devanagari}/gu],
  ['el', /\p{Script=Greek}/gu],
  ['he', /\p{Script=Hebrew}/gu],
]
const latin = /\p{Script=Latin}/gu
/** Letters that none of the other languages has. */
const vietnamese = /[\u0103\u0111\u01a1\u01b0\u1ea0-\u1ef9]/u

const words = new Map<string, readonly string[]>()
const commonest: Readonly<Record<string, string>> = {
  en: 'the and is it to of my this that not was for with you have i on are after phone',
  es: 'el la los las que de y no es en un una mi por con para pero muy se está',
  fr: 'le la les des et est pas je un une mon ma pour avec dans que qui sur mais très',
  de: 'der die das und ist nicht ich ein eine mein mit auf für zu von es wird seit aber kein',
  pt: 'o os as que de e não é em um uma meu minha com para por mas muito está do da',
  it: 'il lo gli che di e non è un una mio mia con per ma molto sono della nel si',
  id: 'yang dan di ini itu tidak saya dengan untuk ke dari sudah bisa ada hp nya baru',
}
for (const [language, list] of Object.entries(commonest)) {
  for (const word of list.split(' ')) words.set(word, [...(words.get(word) ?? []), language])
}

/** Only the beginning is looked at. */
const LENGTH = 2_000

export function languageOf(text: string): string {
  const plain = text
    .slice(0, LENGTH)
    .replace(/https?:\/\/\S+|[@#][\p{L}\p{N}_]+/gu, ' ')
    .normalize('NFC')
    .toLowerCase()
  const latinLetters = count(plain, latin)
  let best: { language: string; weight: number } = { language: 'und', weight: 0 }
  for (const [language, script] of scripts) {
    const letters = count(plain, script)
    if (letters === 0) continue
    // A kana or two in a Chinese text are decoration (の); one Han character says as much as three letters.
    const weight = language === 'ja' || language === 'ko' ? letters * 4 : language === 'zh' ? letters * 3 : letters
    if (weight > best.weight) best = { language, weight }
  }
  return best.weight >= latinLetters ? (best.weight === 0 ? 'und' : best.language) : amongLatin(plain)
}

function amongLatin(text: string): string {
  if (vietnamese.test(text)) return 'vi'
  const votes = new Map<string, number>()
  for (const word of text.match(/\p{L}+/gu) ?? []) {
    for (const language of words.get(word) ?? []) votes.set(language, (votes.get(language) ?? 0) + 1)
  }
  const [first, second] = [...votes].sort((a, b) => b[1] - a[1])
  if (!first || (second && second[1] === first[1])) return 'und'
  return first[0]
}

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0
