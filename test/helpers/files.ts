/** Small files of many kinds, made from their formats' descriptions. */
import { deflateSync } from 'node:zlib'

const be32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const be16 = (value: number) => Buffer.from([value >> 8, value & 255])
const le16 = (value: number) => Buffer.from([value & 255, value >> 8])
const le32 = (value: number) => Buffer.from(be32(value)).reverse()

export function png(width = 2, height = 3): Buffer {
  const chunk = (type: string, body: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), body])
    return Buffer.concat([be32(body.length), named, be32(crc32(named))])
  }
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.concat([be32(width), be32(height), Buffer.from([8, 0, 0, 0, 0])])),
    chunk('IDAT', deflateSync(Buffer.alloc(Math.min((width + 1) * height, 1_000)))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

export function gif(width = 2, height = 3): Buffer {
  return Buffer.concat([Buffer.from('GIF89a'), le16(width), le16(height), Buffer.from([0, 0, 0, 0x3b])])
}

/** A GIF of 10,799 × 2 points to one reader, `GIF89a = 1; alert(…)` with a comment in it to another. */
export const scriptThatIsAGif = Buffer.concat([
  Buffer.from('GIF89a/*\x02\x00', 'latin1'),
  Buffer.alloc(64),
  Buffer.from('*/=1;alert(document.domain)//<script>alert(1)</script>'),
])

/** With a preview, itself a JPEG, in an earlier segment, as cameras write it. */
export function jpeg(width = 640, height = 480): Buffer {
  const segment = (marker: number, body: Buffer) =>
    Buffer.concat([Buffer.from([0xff, marker]), be16(body.length + 2), body])
  const frame = (w: number, h: number) =>
    segment(0xc0, Buffer.concat([Buffer.from([8]), be16(h), be16(w), Buffer.from([1, 1, 0x11, 0])]))
  const preview = Buffer.concat([Buffer.from([0xff, 0xd8]), frame(16, 12), Buffer.from([0xff, 0xd9])])
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1')),
    segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), preview])),
    segment(0xc4, Buffer.alloc(20)),
    frame(width, height),
    segment(0xda, Buffer.alloc(8)),
    Buffer.from([0xff, 0xd9]),
  ])
}

const riff = (body: Buffer) => Buffer.concat([Buffer.from('RIFF'), le32(body.length + 4), Buffer.from('WEBP'), body])
export const webp = {
  lossy: (width: number, height: number) =>
    riff(
      Buffer.concat([
        Buffer.from('VP8 '),
        le32(10),
        Buffer.from([0, 0, 0, 0x9d, 0x01, 0x2a]),
        le16(width),
        le16(height),
      ]),
    ),
  lossless: (width: number, height: number) =>
    riff(
      Buffer.concat([
        Buffer.from('VP8L'),
        le32(5),
        Buffer.from([0x2f]),
        le32((width - 1) | ((height - 1) << 14)),
        Buffer.alloc(4),
      ]),
    ),
  extended: (width: number, height: number) =>
    riff(
      Buffer.concat([
        Buffer.from('VP8X'),
        le32(10),
        Buffer.alloc(4),
        le32(width - 1).subarray(0, 3),
        le32(height - 1).subarray(0, 3),
      ]),
    ),
}

const box = (type: string, body: Buffer) => Buffer.concat([be32(body.length + 8), Buffer.from(type), body])
export function avif(width: number, height: number): Buffer {
  const tile = box('ispe', Buffer.concat([be32(0), be32(512), be32(512)]))
  const whole = box('ispe', Buffer.concat([be32(0), be32(width), be32(height)]))
  return Buffer.concat([
    box('ftyp', Buffer.from('avif\0\0\0\0avifmif1')),
    box('meta', Buffer.concat([tile, whole, tile])),
  ])
}

export const mp4 = Buffer.concat([
  box('ftyp', Buffer.from('isom\0\0\0\0isommp42')),
  box('mdat', Buffer.alloc(4_000, 7)),
])
export const oggOpus = Buffer.concat([
  Buffer.from('OggS'),
  Buffer.alloc(22),
  Buffer.from([1, 19]),
  Buffer.from('OpusHead'),
  Buffer.alloc(64),
])
export const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
export const xml = Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
export const html = Buffer.from('<!doctype html><script>alert(document.cookie)</script>')

function crc32(bytes: Buffer): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
