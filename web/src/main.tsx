/** The desk starts: nonce, theme, words, then the pages. */
import './styles/tokens.css'
import './styles/base.css'
import { setNonce } from 'get-nonce'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { startI18n } from './i18n/i18n.ts'
import { applyTheme, preferences } from './preferences/preferences.ts'

// Menus and dialogs add a style element of their own; the policy lets only this nonce in.
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce
if (nonce) setNonce(nonce)

const { theme, language } = preferences()
applyTheme(theme)
await startI18n(language)
createRoot(document.getElementById('desk')!).render(<App />)
