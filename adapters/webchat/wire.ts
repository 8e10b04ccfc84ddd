/** What goes between the widget and its door. Types only: the widget's browser code takes them from here. */

/** Answer to `POST session`. */
export interface Session {
  /** For a visitor who came without one; null: the one they came with is good. */
  readonly token: string | null
  readonly title: string
  readonly open: boolean
  /** The administrator's own words for when it is not; empty: the widget's. */
  readonly offlineText: string
  readonly longestText: number
  /** Null: no files. */
  readonly files: { readonly maxBytes: number; readonly accept: string } | null
}

/** Event `line` of the stream. */
export interface Line {
  readonly id: string
  readonly side: 'visitor' | 'agent'
  readonly text: string
  readonly at: string
  readonly author: string
  /** The widget's own id, of a visitor's message. */
  readonly clientId: string | null
  /** Of an agent's: what its receipt has to bring. */
  readonly code: string | null
  readonly files: readonly LineFile[]
}

export interface LineFile {
  readonly id: string
  readonly kind: 'photo' | 'video' | 'voice' | 'audio' | 'document' | 'sticker'
  readonly name: string | null
  readonly mimeType: string | null
  readonly bytes: number | null
  readonly width: number | null
  readonly height: number | null
}

export interface Problem {
  readonly status: number
  readonly code: string
}
