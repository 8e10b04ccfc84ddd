/** A QR code as path data. Pure. */
import { encode } from 'uqr'

export interface Qr {
  /** Of its side, quiet zone included. */
  readonly size: number
  /** Every run of dark modules as one rectangle. */
  readonly path: string
}

/** As the standard asks: four modules on each side. */
const quietZone = 4

/** Null for a text that no code can hold. */
export function qrOf(text: string): Qr | null {
  try {
    const { data, size } = encode(text, { ecc: 'L', border: quietZone })
    return { size, path: data.map(rowPath).join('') }
  } catch {
    return null
  }
}

function rowPath(row: readonly boolean[], y: number): string {
  let path = ''
  for (let x = 0; x < row.length; x++) {
    if (!row[x] || row[x - 1]) continue
    let end = x
    while (row[end]) end++
    path += `M${x} ${y}h${end - x}v1H${x}z`
  }
  return path
}
