/** How a reply would go out, said before it is sent: the server cuts it in the same way. Pure. */
import type { SurfaceCapabilities } from '#channel/capabilities.ts'
import { measure, split } from '#channel/text.ts'
import type { DraftFile } from './draft-store.ts'

export interface Outline {
  readonly textParts: number
  readonly fileParts: number
  /** The text travels with the first file, as its caption. */
  readonly isTogether: boolean
}

export function outlineOf(
  surface: SurfaceCapabilities,
  text: string,
  files: readonly Pick<DraftFile, 'kind'>[],
): Outline {
  const words = text.trim()
  let fileParts = 0
  let inPart = 0
  files.forEach(({ kind }, index) => {
    const most = surface.media[kind]?.maxPerReply ?? 1
    if (files[index - 1]?.kind === kind && inPart < most) inPart += 1
    else {
      fileParts += 1
      inPart = 1
    }
  })
  const { caption } = surface
  const isTogether = fileParts > 0 && words !== '' && caption !== null && measure(words, caption.unit) <= caption.max
  const cuts = words !== '' && !isTogether && measure(words, surface.text.unit) > surface.text.max
  const textParts = words === '' || isTogether ? 0 : cuts ? split(words, surface.text.max, surface.text.unit).length : 1
  return { textParts, fileParts, isTogether }
}
