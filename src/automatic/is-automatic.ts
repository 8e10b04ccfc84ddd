/**
 * Said by Huixin itself, with nobody's hand on it. Clocks, figures and who-answered-whom leave such messages out: they answer
 * nothing. A scheduled reply, and one that a program wrote with a key, is somebody's word and not automatic.
 */
import { type SQL, sql } from 'drizzle-orm'

export const isAutomatic = (message: { readonly automatic: boolean }): boolean => message.automatic

/** The same of a row `m` of `messages` (or `d` of `deliveries`), in a WHERE. */
export const automaticIn = (alias: 'm' | 'd'): SQL => sql`${sql.raw(alias)}.automatic`
