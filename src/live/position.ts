/** A place in the live stream. Order: the writing transaction's id, then the row's; see `read.ts` for why. */
export interface Position {
  readonly xid: bigint
  readonly id: number
}

/** Negative when `a` stands before `b`. */
export function compare(a: Position, b: Position): number {
  if (a.xid !== b.xid) return a.xid < b.xid ? -1 : 1
  return a.id - b.id
}

/** What clients hold. `epoch` changes when the database is not the one it was: a restored one counts xids again. */
export const toCursor = (epoch: string, { xid, id }: Position): string => `${epoch}.${xid}.${id}`

/** Null: not one of ours, or of another epoch. */
export function fromCursor(epoch: string, cursor: string): Position | null {
  const match = /^([\w-]{1,64})\.(\d{1,20})\.(\d{1,16})$/u.exec(cursor)
  if (match?.[1] !== epoch) return null
  const position = { xid: BigInt(match[2]!), id: Number(match[3]) }
  return position.xid < 2n ** 63n && Number.isSafeInteger(position.id) ? position : null
}
