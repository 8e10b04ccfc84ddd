/** A picture as a phone would send it: a dark screen with a line down its side. PNG. */
import { crc32, deflateSync } from 'node:zlib'

const width = 270
const height = 480

export function pictureOfScreen(seed: number): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3))
  const line = 20 + ((seed * 53) % (width - 60))
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (1 + width * 3) + 1 + x * 3
      const shade = 18 + ((x + y + seed * 7) % 24)
      const onLine = x >= line && x < line + 3 + (seed % 4)
      rows.set(onLine ? [60, 230, 90] : [shade, shade, shade + 8], at)
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data])
  const frame = Buffer.alloc(8 + body.length)
  frame.writeUInt32BE(data.length, 0)
  body.copy(frame, 4)
  frame.writeUInt32BE(crc32(body), 4 + body.length)
  return frame
}
