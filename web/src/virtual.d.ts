/** The words of a language in two parts; made by `web/words-plugin.ts`. */
declare module 'virtual:words/*' {
  const words: object
  export default words
}
