/** Where one thread stands now. Computed on the server under the thread's lock; ticking on in the desk. */
import type { Bilingual } from './errors.ts'
import type { Surface } from './events.ts'

export interface Standing {
  readonly surface: Surface
  /** False after the person blocked us; the reason is shown. */
  readonly reachable: boolean
  readonly unreachableReason: string | null
  /** The message to be answered may be answered. */
  readonly replyable: boolean
  readonly notReplyableReason: Bilingual | null
  /**
   * Open windows, the longest first, with the replies left in each after what is queued, automatic and echoed.
   * `null`: this surface knows no window. An empty list: every window is closed.
   */
  readonly windows: readonly { readonly until: Date; readonly left: number | null }[] | null
}
