import { SendError } from '#channel/errors.ts'
import { readOnly } from './parse.ts'

/** Nothing is ever sent: the desk offers to open the post instead. */
export async function send(platform: string): Promise<never> {
  throw new SendError('rejected', 'permission', { text: readOnly(platform) })
}
