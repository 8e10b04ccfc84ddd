/** Sends one file. XMLHttpRequest, since fetch cannot tell how far an upload is. */
import { ApiError, toApiError } from './problem.ts'
import type { Media } from './wire.ts'

export function uploadMedia(
  file: File,
  goesTo: { readonly ticketId: string } | { readonly accountId: string },
  options: { readonly signal: AbortSignal; readonly onProgress: (share: number) => void },
): Promise<Media> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest()
    const form = new FormData()
    // Fields go before the file: the server reads the parts in order and needs to know whose it is first.
    for (const [name, id] of Object.entries(goesTo)) form.append(name, id)
    form.append('file', file, file.name)
    call.open('POST', '/api/media')
    call.responseType = 'json'
    call.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress(event.loaded / event.total)
    }
    call.onload = () => {
      const body = call.response as { media?: Media } | null
      if (call.status >= 200 && call.status < 300 && body?.media) resolve(body.media)
      else reject(toApiError(call.status, body, call.getResponseHeader('retry-after')))
    }
    call.onerror = () => reject(new ApiError(0, 'offline', 'No answer'))
    call.onabort = () => reject(new ApiError(0, 'aborted', 'Stopped'))
    options.signal.addEventListener('abort', () => call.abort(), { once: true })
    call.send(form)
  })
}
