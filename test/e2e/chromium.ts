/** The browser the end-to-end tests drive: whatever Chromium this machine has. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** The shell draws no window around the page: a third less work. */
const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** Null when there is none: the tests are skipped, and their report says so. */
export const chromiumPath: string | null = findChromium()

function findChromium(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  return [process.env.CHROMIUM, ...places].find((place) => place && isProgram(place)) ?? null
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export function startChromium(): Promise<Browser> {
  if (chromiumPath === null) throw new Error('there is no Chromium here')
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--headless',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Containers and CI run as root, where Chromium's own sandbox does not start.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  })
}
