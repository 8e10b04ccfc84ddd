export interface Frame {
  readonly event: string
  readonly data: unknown
}

/** Server-sent events as our door writes them: one `event` and one line of `data` each. */
export async function* readFrames(body: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    const frames = text.split('\n\n')
    text = frames.pop() ?? ''
    for (const frame of frames) {
      const event = /^event: (.*)$/mu.exec(frame)?.[1]
      const data = /^data: (.*)$/mu.exec(frame)?.[1]
      if (event && data) yield { event, data: JSON.parse(data) }
    }
  }
}
