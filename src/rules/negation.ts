/** Is what a word says denied where it stands? Pure; looks at the clause the word is in. */
import { clauseOf, type Span } from './clauses.ts'

/** Contain a negation and deny nothing: blanked before looking. */
const harmless =
  /有没有|会不会|是不是|要不要|能不能|可不可以|不仅|不但|不光|不只|不止|不得不|没想到|没准|不知|不料|不小心|不停|不断|不敢|无缘无故|无法|无线|不然|没(?:用|买|过|到|几|多)[^,，]{0,4}(?:天|久|月|年|次|周)|没人|没有人|不是我|差点没|不说|不行了|不能|受不了|了不得|说不|从不说|not only|not just|no idea|no one|no longer|no joke|no kidding|not kidding|not joking|not exaggerating|not even exaggerating|can't believe|cannot believe|(?:doesn't|won't|can't|didn't|don't) stop|why not|for no reason|no reason|not sure|no matter|no wonder/gu

/** How far before the word each denial reaches, in letters. */
const chinese: readonly (readonly [RegExp, string])[] = [
  [/(没有|没见|没发现|没出现|不会|不是|不存在|不用担心|毫无|并没有?|从没|从未|并未|排除|避免)[^,，]{0,6}$/u, ''],
  [/(没|未|勿|非)[^,，]{0,3}$/u, ''],
  [/(无|不|别|防)[^,，]{0,1}$/u, ''],
]
/** “冒烟的情况没有”. */
const chineseAfter = /^(?:的)?(?:情况|现象|问题|迹象)?(?:都|也|倒是|倒)?(没有|没|不存在)(?![^,，。]{0,4}人)/u

const english =
  /(?:^|[^a-z'])(no|not|never|without|neither|nor|none|zero|cannot|isn't|wasn't|doesn't|didn't|don't|hasn't|haven't|aren't|weren't|won't|can't|couldn't|wouldn't|ain't|isnt|wasnt|doesnt|didnt|dont|hasnt|havent|wont|cant)(?:\s+[^\s,]+){0,3}\s*$/u
const englishAfter = /^[\s-]?(free)(?![a-z])/u

/** The denying words, or null. */
export function negationOf(text: string, sentence: Span, hit: Span): string | null {
  const clause = clauseOf(text, sentence, hit.from)
  const before = text.slice(clause.from, hit.from).replace(harmless, (found) => '·'.repeat(found.length))
  for (const [pattern] of chinese) {
    const found = pattern.exec(before)
    if (found?.[1]) return found[1]
  }
  const found = english.exec(before)
  if (found?.[1]) return found[1]
  const after = text.slice(hit.to, sentence.to)
  return chineseAfter.exec(after)?.[1] ?? englishAfter.exec(after)?.[1] ?? listNegation(text, sentence, clause, hit)
}

/** “No smoke, fire or swelling”: the first denial holds for the whole list. */
function listNegation(text: string, sentence: Span, clause: Span, hit: Span): string | null {
  if (clause.from === sentence.from || text.slice(clause.from, hit.from).trim() !== '') return null
  if (!/^[^,，]{0,20}?(?:\s|,)(?:or|nor)\s/u.test(text.slice(hit.to, sentence.to))) return null
  const head = text.slice(sentence.from, clause.from)
  return /^[\s·]*(no|without|neither|never any|not any)\s/u.exec(head)?.[1] ?? null
}
