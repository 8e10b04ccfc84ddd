/**
 * How many times longer a test may take here before it counts as hanging: `HUIXIN_TEST_PATIENCE`, 1 without. A shared machine
 * can be ten times slower than a quiet one; what is expected stays the same, only the waiting for it is longer.
 */
export const patience = Math.max(1, Number(process.env.HUIXIN_TEST_PATIENCE ?? 1) || 1)
