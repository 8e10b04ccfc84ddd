/** Width and height of a picture, from its header alone: nothing is decoded, so a bomb costs nothing. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** Null where the header is not understood, or not within `head`. */
export function imageSize(head: Buffer, mimeType: string): Size | null {
  try {
    const size = readers[mimeType]?.(head) ?? null
    return size && size.width > 0 && size.height > 0 ? size : null
  } catch (error) {
    // Beyond the end of what there is.
    if (error instanceof RangeError) return null
    throw error
  }
}

const readers: Readonly<Record<string, (head: Buffer) => Size | null>> = {
  // https://www.w3.org/TR/png-3/#11IHDR
  'image/png': (head) =>
    head.toString('latin1', 12, 16) === 'IHDR' ? { width: head.readUInt32BE(16), height: head.readUInt32BE(20) } : null,
  // https://www.w3.org/Graphics/GIF/spec-gif89a.txt, section 18
  'image/gif': (head) => ({ width: head.readUInt16LE(6), height: head.readUInt16LE(8) }),
  'image/webp': webpSize,
  'image/jpeg': jpegSize,
  'image/avif': avifSize,
}

/** https://developers.google.com/speed/webp/docs/riff_container */
function webpSize(head: Buffer): Size | null {
  switch (head.toString('latin1', 12, 16)) {
    case 'VP8X':
      return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 }
    case 'VP8L': {
      const bits = head.readUInt32LE(21)
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case 'VP8 ':
      return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff }
    default:
      return null
  }
}

/** Walks the segments to the frame header, ITU T.81 B.2.2. Cameras put a preview, itself a JPEG, in an earlier segment. */
function jpegSize(head: Buffer): Size | null {
  let at = 2
  for (;;) {
    if (head.readUInt8(at) !== 0xff) return null
    const marker = head.readUInt8(at + 1)
    if (marker === 0xff) at += 1
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { height: head.readUInt16BE(at + 5), width: head.readUInt16BE(at + 7) }
    } else if (marker === 0xda || marker === 0xd9) return null
    else at += 2 + Math.max(head.readUInt16BE(at + 2), 2)
  }
}

/** The largest `ispe` box: a picture made of tiles has one for the whole and one for each tile. ISO 23008-12, 6.5.3. */
function avifSize(head: Buffer): Size | null {
  let largest: Size | null = null
  for (let at = head.indexOf('ispe'); at !== -1; at = head.indexOf('ispe', at + 4)) {
    if (at + 16 > head.length) break
    const size = { width: head.readUInt32BE(at + 8), height: head.readUInt32BE(at + 12) }
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size
  }
  return largest
}
