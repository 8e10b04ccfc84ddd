import type { SurfaceCapabilities } from '../channel/capabilities.ts'
import type { MediaKind } from '../channel/events.ts'
import { measure, split } from '../channel/text.ts'

/** One call to the platform. */
export interface Part {
  readonly text: string
  readonly mediaIds: readonly string[]
}

/**
 * Cuts a reply into the calls the platform takes, in the order the person reads them. Text travels with the files where
 * it fits as their caption; otherwise it goes first, in as many parts as its limit asks for.
 */
export function planParts(
  surface: SurfaceCapabilities,
  text: string,
  media: readonly { readonly id: string; readonly kind: MediaKind }[],
): Part[] {
  const words = text.trim()
  const files = groupFiles(surface, media)
  const caption = surface.caption
  if (files.length > 0 && words !== '' && caption && measure(words, caption.unit) <= caption.max) {
    return files.map((mediaIds, index) => ({ text: index === 0 ? words : '', mediaIds }))
  }
  const texts = words === '' ? [] : split(words, surface.text.max, surface.text.unit)
  return [...texts.map((part) => ({ text: part, mediaIds: [] })), ...files.map((mediaIds) => ({ text: '', mediaIds }))]
}

/** Neighbours of one kind share a call as far as the platform allows. */
function groupFiles(
  surface: SurfaceCapabilities,
  media: readonly { readonly id: string; readonly kind: MediaKind }[],
): string[][] {
  const groups: { kind: MediaKind; ids: string[] }[] = []
  for (const { id, kind } of media) {
    const last = groups.at(-1)
    const most = surface.media[kind]?.maxPerReply ?? 1
    if (last && last.kind === kind && last.ids.length < most) last.ids.push(id)
    else groups.push({ kind, ids: [id] })
  }
  return groups.map(({ ids }) => ids)
}
