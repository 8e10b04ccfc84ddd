import { type Config, readConfig } from '../config.ts'
import { type House, openHouse } from '../db/open.ts'

/** Opens the house for one command and closes it however the command ends. */
export async function withHouse<T>(run: (house: House, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig(process.env)
  const house = await openHouse(config, { max: 3, applicationName: 'huixin-cli' })
  // PostgreSQL may have been started for this command: Ctrl-C must not leave it behind.
  const interrupted = (signal: NodeJS.Signals) => {
    house.close().finally(() => process.kill(process.pid, signal))
  }
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  try {
    return await run(house, config)
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    await house.close()
  }
}

export const print = (text: string) => process.stdout.write(`${text}\n`)
