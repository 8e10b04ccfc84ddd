import { text } from 'node:stream/consumers'
import { StartError } from '../start-error.ts'

/** Standard input to its end, without the line break `echo` adds. */
export async function readStdin(what: string): Promise<string> {
  const value = (await text(process.stdin)).replace(/\r?\n$/u, '')
  if (value === '') throw new StartError(`No ${what} came on standard input.`)
  return value
}
