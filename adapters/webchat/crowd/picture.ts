/** Small valid pictures, drawn in code. */
import { crc32, deflateSync } from 'node:zlib'

/** A PNG with a coloured field and a lighter bar, different for each seed. */
export function drawPicture(seed = 0, width = 96, height = 160): Buffer {
  const hue = (shift: number) => 40 + ((seed * 67 + shift * 83) % 160)
  const rows: Buffer[] = []
  for (let y = 0; y < height; y += 1) {
    const row = Buffer.alloc(1 + width * 3)
    for (let x = 0; x < width; x += 1) {
      const lit = Math.abs(x - ((seed * 13 + y) % width)) < 6 ? 80 : 0
      for (const channel of [0, 1, 2]) row[1 + x * 3 + channel] = Math.min(255, hue(channel) + lit)
    }
    rows.push(row)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8) // 8 bits, RGB
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
