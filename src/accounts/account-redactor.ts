import { eq } from 'drizzle-orm'
import { accounts } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { createRedactor, type Redactor } from './redact.ts'
import { openSettings, secretValues } from './settings.ts'

/** Takes this account's secrets out of texts. Null: its settings cannot be read, so nothing can be said to be free of them. */
export async function redactorOf(
  { db, seal, channels }: Pick<Deps, 'db' | 'seal' | 'channels'>,
  accountId: string,
): Promise<Redactor | null> {
  const [row] = await db.select().from(accounts).where(eq(accounts.id, accountId))
  const adapter = row && channels.get(row.channel)
  if (!adapter) return null
  try {
    return createRedactor(secretValues(adapter, openSettings(seal, row.id, row.settingsSealed)))
  } catch {
    // Sealed under another secret: health says so.
    return null
  }
}
