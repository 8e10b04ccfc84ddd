/** Files in the conversation. They are asked for with the visitor's token: their address alone opens nothing. */
import type { LineFile } from '../wire.ts'
import { call, pause, Refused } from './call.ts'
import { element } from './dom.ts'
import { words } from './words.ts'

const pictures = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']

export function showFile(file: LineFile): HTMLElement {
  return file.kind === 'photo' || file.kind === 'sticker' ? picture(file) : attachment(file)
}

/** Just taken from the visitor's machine. */
export function showOwn(file: File): HTMLElement {
  if (!pictures.includes(file.type)) return element('span', { class: 'file' }, label(file.name, file.size))
  return element('img', { class: 'picture', alt: file.name, src: URL.createObjectURL(file) })
}

function picture(file: LineFile): HTMLElement {
  const place = element('div', { class: 'picture loading' }, words.loading)
  fetchFile(file).then(
    (blob) => {
      const isPicture = pictures.includes(blob.type)
      if (!isPicture) return place.replaceWith(attachment(file))
      const link = URL.createObjectURL(blob)
      const image = element('img', { class: 'picture', alt: file.name ?? '', src: link })
      if (file.width && file.height) Object.assign(image, { width: file.width, height: file.height })
      place.replaceWith(image)
    },
    () => {
      place.textContent = words.gone
    },
  )
  return place
}

function attachment(file: LineFile): HTMLElement {
  const name = file.name ?? `file-${file.id.slice(0, 8)}`
  const text = label(name, file.bytes)
  const button = element('button', { type: 'button', class: 'file', 'aria-label': `${words.download} ${text}` }, text)
  button.addEventListener('click', async () => {
    button.disabled = true
    try {
      // Never by its own type: whatever is in it must not become a page of ours.
      const blob = new Blob([await fetchFile(file)], { type: 'application/octet-stream' })
      const link = element('a', { href: URL.createObjectURL(blob), download: name })
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    } catch {
      button.textContent = words.gone
    } finally {
      button.disabled = false
    }
  })
  return button
}

/** A file just sent may still be on its way into the house. */
async function fetchFile({ id }: LineFile): Promise<Blob> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await (await call(`files/${id}`)).blob()
    } catch (error) {
      if (tries >= 8 || (error instanceof Refused && error.status === 404)) throw error
      await pause(Math.min(tries, 2))
    }
  }
}

function label(name: string, bytes: number | null): string {
  if (bytes === null) return name
  return bytes < 1_048_576
    ? `${name} (${Math.max(1, Math.round(bytes / 1024))} KB)`
    : `${name} (${(bytes / 1_048_576).toFixed(1)} MB)`
}
