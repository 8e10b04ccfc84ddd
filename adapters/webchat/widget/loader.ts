/**
 * The one script of a site's page: puts the chat's frame there and gives it room. It reads nothing of the page but its own
 * tag and the page's language. A classic script: `document.currentScript` tells where it came from.
 */
interface HuixinChat {
  open(): void
  close(): void
  /** A token the site has signed for whoever is signed in there. */
  identify(token: string): void
}

;(() => {
  const script = document.currentScript
  const page = window as unknown as { HuixinChat?: HuixinChat }
  if (!(script instanceof HTMLScriptElement) || page.HuixinChat) return
  const base = new URL('.', script.src)
  const { lang, token, side } = script.dataset
  const language = lang || document.documentElement.lang || navigator.language
  const isChinese = language.toLowerCase().startsWith('zh')
  const edge = side === 'left' ? 'left' : 'right'
  let signed = token ?? ''
  let isReady = false
  let isOpen = false

  const frame = document.createElement('iframe')
  frame.title = isChinese ? '在线客服' : 'Chat with us'
  frame.allow = 'clipboard-write'
  const put = (style: Partial<CSSStyleDeclaration>) => void Object.assign(frame.style, style)
  put({
    position: 'fixed',
    bottom: '0',
    [edge]: '0',
    border: '0',
    zIndex: '2147483000',
    // As the frame's own: otherwise a browser paints it opaque.
    colorScheme: 'light dark',
    background: 'transparent',
  })

  function layout() {
    const isSmall = window.innerWidth < 480
    const closed = { width: '96px', height: '96px' }
    const panel = { width: '400px', height: 'min(680px, 100%)' }
    put(isOpen ? (isSmall ? { width: '100%', height: '100%' } : panel) : closed)
  }
  const say = (message: object) => {
    if (isReady) frame.contentWindow?.postMessage({ huixin: message }, base.origin)
  }

  window.addEventListener('message', (event) => {
    if (event.source !== frame.contentWindow || event.origin !== base.origin) return
    const message = (event.data as { huixin?: { kind?: string; open?: boolean; count?: number } } | null)?.huixin
    if (message?.kind === 'ready') {
      isReady = true
      say({ kind: 'hello', token: signed })
    } else if (message?.kind === 'shown') {
      isOpen = message.open === true
      layout()
    } else if (message?.kind === 'unread') {
      window.dispatchEvent(new CustomEvent('huixin-chat:unread', { detail: message.count ?? 0 }))
    } else if (message?.kind === 'token') {
      // The one it has is over: the site may sign another and call `identify`.
      window.dispatchEvent(new CustomEvent('huixin-chat:token'))
    }
  })
  window.addEventListener('resize', layout)

  page.HuixinChat = {
    open: () => say({ kind: 'open' }),
    close: () => say({ kind: 'close' }),
    identify(next) {
      signed = String(next)
      say({ kind: 'hello', token: signed })
    },
  }
  layout()
  frame.src = new URL(`chat?lang=${encodeURIComponent(language)}`, base).href
  const begin = () => document.body.append(frame)
  if (document.body) begin()
  else document.addEventListener('DOMContentLoaded', begin)
})()
