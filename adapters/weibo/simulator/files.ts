/** Small valid files, made in code. */
import { crc32, deflateSync } from 'node:zlib'

/** A PNG: a dark phone on a light ground, with a crack that runs where the seed says. */
export function drawPicture(seed = 0, width = 120, height = 180): Buffer {
  const rows: Buffer[] = []
  for (let y = 0; y < height; y += 1) {
    const row = Buffer.alloc(1 + width * 3)
    for (let x = 0; x < width; x += 1) {
      const inside = x > width * 0.2 && x < width * 0.8 && y > height * 0.1 && y < height * 0.9
      const crack = inside && Math.abs(((x + seed * 17) % width) - ((y * (1 + (seed % 3))) % width)) < 2
      const [r, g, b] = crack ? [230, 230, 235] : inside ? [28 + ((seed * 31) % 60), 34, 48] : [214, 208, 200]
      row.set([r ?? 0, g ?? 0, b ?? 0], 1 + x * 3)
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

/** A second of a soft tone, as WAV. */
export function hum(): Buffer {
  const rate = 8000
  const samples = Buffer.alloc(rate)
  for (let at = 0; at < rate; at += 1) samples[at] = 128 + Math.round(24 * Math.sin((at * 2 * Math.PI * 220) / rate))
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(36 + samples.length, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20) // PCM
  header.writeUInt16LE(1, 22) // mono
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate, 28)
  header.writeUInt16LE(1, 32)
  header.writeUInt16LE(8, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(samples.length, 40)
  return Buffer.concat([header, samples])
}
