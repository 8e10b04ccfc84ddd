import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** Looks at the page where it is: without a second page to gather in, and without words about what is right, it costs far less. */
export const axe = (page: Page): AxeBuilder =>
  new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
