/** How a reply would go out, said before it is sent: the server cuts it in the same way. Pure. */
import type { SurfaceCapabilities } from '#channel/capabilities.ts'
import { costOf } from '#channel/cost.ts'
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
  const { texts, fileParts, isTogether } = partsOf(surface, text, files)
  return { textParts: isTogether ? 0 : texts.length, fileParts, isTogether }
}

/** What all its messages cost together; null where the platform bills nothing, or while there is nothing to send. */
export function priceOf(
  surface: SurfaceCapabilities,
  text: string,
  files: readonly Pick<DraftFile, 'kind'>[],
): number | null {
  const { texts, fileParts, isTogether } = partsOf(surface, text, files)
  const calls = [...texts, ...Array<string>(isTogether ? fileParts - 1 : fileParts).fill('')]
  if (!surface.cost || calls.length === 0) return null
  return calls.reduce((sum, words) => sum + (costOf(surface, words) ?? 0), 0)
}

/** The texts it goes out as. */
export const textsOf = (surface: SurfaceCapabilities, text: string, files: readonly Pick<DraftFile, 'kind'>[]) =>
  partsOf(surface, text, files).texts

function partsOf(surface: SurfaceCapabilities, text: string, files: readonly Pick<DraftFile, 'kind'>[]) {
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
  const texts = words === '' ? [] : cuts ? split(words, surface.text.max, surface.text.unit) : [words]
  return { texts, fileParts, isTogether }
}
