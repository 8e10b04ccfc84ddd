/** Small valid files, made in code. */
import { crc32, deflateSync } from 'node:zlib'

/** A PNG of a dark screen with a bright stripe, another one for each seed. */
export function drawScreen(seed = 0, width = 90, height = 160): Buffer {
  const stripe = 8 + ((seed * 29) % (width - 16))
  const rows: Buffer[] = []
  for (let y = 0; y < height; y += 1) {
    const row = Buffer.alloc(1 + width * 3)
    for (let x = 0; x < width; x += 1) {
      const isFrame = x < 4 || y < 6 || x >= width - 4 || y >= height - 6
      const isStripe = Math.abs(x - stripe) < 2 + (seed % 3)
      const shade = isFrame ? [70, 74, 82] : isStripe ? [60, 230, 120] : [12, 14 + (y % 8), 24]
      row.set(shade, 1 + x * 3)
    }
    rows.push(row)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

/** An AMR recording: frames of 20 ms, 12.2 kbit/s. */
export function recordVoice(seconds = 2): Buffer {
  const frame = Buffer.alloc(32)
  frame[0] = 0x3c
  return Buffer.concat([Buffer.from('#!AMR\n'), ...Array.from({ length: seconds * 50 }, () => frame)])
}

/** An MP4's head and an empty body: enough to be known as one. */
export function filmClip(): Buffer {
  const box = (type: string, data: Buffer) => {
    const size = Buffer.alloc(4)
    size.writeUInt32BE(data.length + 8)
    return Buffer.concat([size, Buffer.from(type, 'latin1'), data])
  }
  const head = Buffer.concat([Buffer.from('isom'), Buffer.from([0, 0, 2, 0]), Buffer.from('isomiso2mp41')])
  return Buffer.concat([box('ftyp', head), box('mdat', Buffer.alloc(64))])
}
