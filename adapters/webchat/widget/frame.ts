/** Between the chat's frame and the site's page around it. The policy of the page says which sites these may be. */
export interface FrameEvents {
  /** Empty: nobody is signed in there. */
  hello(token: string): void
  open(): void
  close(): void
}

export const isFramed = window.parent !== window

export function createFrame(events: FrameEvents) {
  // Nothing in it is anybody's secret; whose page it is, the frame does not know.
  const say = (message: object) => {
    if (isFramed) window.parent.postMessage({ huixin: message }, '*')
  }
  window.addEventListener('message', (event) => {
    if (!isFramed || event.source !== window.parent) return
    const message = (event.data as { huixin?: { kind?: string; token?: unknown } } | null)?.huixin
    if (message?.kind === 'hello') events.hello(typeof message.token === 'string' ? message.token : '')
    else if (message?.kind === 'open') events.open()
    else if (message?.kind === 'close') events.close()
  })
  return {
    /** In an app's own view the token stands behind the `#`, which no server sees. */
    begin(): void {
      if (isFramed) return say({ kind: 'ready' })
      const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? ''
      history.replaceState(null, '', location.pathname + location.search)
      events.hello(token)
    },
    shown: (open: boolean) => say({ kind: 'shown', open }),
    unread: (count: number) => say({ kind: 'unread', count }),
    needsToken: () => say({ kind: 'token' }),
  }
}
