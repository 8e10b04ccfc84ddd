/** Open connections of this node, one per account, opened on first use and again when the settings change. */
import type { Adapter, Connection } from '../channel/adapter.ts'

export interface OpenAccount {
  readonly id: string
  readonly brandId: string
  readonly name: string
  readonly adapter: Adapter<unknown>
  readonly connection: Connection
  readonly settingsVersion: number
  readonly reopenWithinMs: number
  /** Null: the surface's own default. */
  readonly undoMs: number | null
}

export interface Connections {
  /**
   * Null when there is no such account, it was removed, or its channel is not in the list. Served from memory;
   * changes by other nodes are seen within two seconds.
   */
  get(accountId: string): Promise<OpenAccount | null>
  /** Every account that is not removed. */
  all(): Promise<readonly OpenAccount[]>
  /** This node changed the account: look again at the next `get`. */
  changed(accountId: string): void
  close(): Promise<void>
}
