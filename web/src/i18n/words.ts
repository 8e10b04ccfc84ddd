/** The shape every locale has. The Chinese words are the first ones; the others follow them key by key. */
import type { zh } from './zh-CN.ts'

/** Same keys, any text. Languages with plurals add `_one` beside `_other`. */
export type Words = Loose<typeof zh>
/** A part of the words may have a file of its own. */
export type Loose<T> = { [K in keyof T]: T[K] extends string ? string : Loose<T[K]> } & {
  [plural: `${string}_one`]: string
}

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'desk'
    resources: { desk: typeof zh }
    returnNull: false
  }
}
