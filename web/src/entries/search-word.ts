/** What a person is looked for by: of a number its digits, however it is written; nothing that is too short to mean anybody. */
export function searchWord(person: string): string {
  const text = person.normalize('NFKC').trim()
  const word = /^[+0-9][0-9\s\-().]*$/u.test(text) ? text.replace(/[^+0-9]/gu, '') : text
  return [...word].length < 3 ? '' : word.slice(0, 200)
}
