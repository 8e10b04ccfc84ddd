import { ensureDesk } from '../desk-build.ts'
import { print } from './house.ts'

export async function build(): Promise<void> {
  print(`The desk is built: ${await ensureDesk()}`)
}
