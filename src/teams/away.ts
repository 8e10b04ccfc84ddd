/** Whoever has had no desk open for so long is away, whatever they said. */
export const awayAfterMs = 5 * 60_000
