/**
 * wechaty-puppet-service with what it lacks for our purpose. Each of these was seen in 1.19.9 (pinned), and has a test:
 * - its calls have no deadline: one that waits for a connection would be made when nobody expects it any more;
 * - `messageSendFile` sends a second time, another way, whatever the first one failed with;
 * - a gateway that refuses the stream of events (wrong token, a second client) is taken for one that is quiet;
 * - a file that cannot be had ends the process, by an error event of a second way that nobody hears;
 * - it stops the gateway's puppet when it stops, and signs it out when it hears that it was signed out;
 * - it keeps customers' data in the clear in ~/.wechaty, in a folder named after the token;
 * - a location comes as 0, 0.
 */
import { ReadError } from '#channel/errors.ts'
import { type Client, guardClient } from './client.ts'
import { failureOf, status } from './failure.ts'
import type { Line } from './puppet-package.ts'
import type { FileBoxLike, PuppetLike } from './sdk-types.ts'
import type { Settings } from './settings.ts'
import { texts } from './texts.ts'

export async function createService(settings: Settings, line: Line): Promise<PuppetLike> {
  const { PuppetService } = await import('wechaty-puppet-service')
  const { token, endpoint, tls, silenceSeconds } = settings
  const puppet = new PuppetService({
    token,
    ...(endpoint === '' ? {} : { endpoint }),
    timeoutSeconds: silenceSeconds,
    // A token without the name of a certificate in front means the one that gateways bring along.
    tls: { disable: tls === 'off', ...(token.includes('_') ? {} : { serverName: 'insecure' }) },
  })
  let sendingFile: unknown = null
  const part = <T>(name: string) => Reflect.get(puppet, name) as T

  // Contacts and rooms are cached in memory by the puppet itself.
  Reflect.set(part<object>('_payloadStore'), 'start', async () => {})
  // Its own listener would throw out of the socket on a payload that is no JSON.
  const onEvent = part<(event: unknown) => void>('onGrpcStreamEvent')
  Reflect.set(puppet, 'onGrpcStreamEvent', (event: unknown) => {
    try {
      onEvent.call(puppet, event)
    } catch (error) {
      puppet.emit('error', failureOf(error))
    }
  })

  const bridge = part<(manager: object) => void>('bridgeGrpcEventStream')
  Reflect.set(puppet, 'bridgeGrpcEventStream', (manager: object) => {
    bridge.call(puppet, manager)
    const init = Reflect.get(manager, 'initClient') as () => Promise<void>
    Reflect.set(manager, 'initClient', async () => {
      await init.call(manager)
      const hangUp = guardClient(Reflect.get(manager, '_client') as Client, {
        streamEnded: (error) => line.broke(streamError(error)),
        fileFailed: (error) => {
          sendingFile = error
        },
      })
      Reflect.set(puppet, 'hangUp', hangUp)
    })
  })

  const sendFile = part<PuppetLike['messageSendFile']>('messageSendFile')
  Reflect.set(puppet, 'messageSendFile', async (to: string, file: FileBoxLike) => {
    sendingFile = failureOf(null, true)
    return await sendFile.call(puppet, to, file)
  })
  // Where it would send once more, it says how the first time ended. One file is on its way at a time: capabilities.ts.
  Reflect.set(puppet, 'messageSendFileStream', async () => {
    throw sendingFile
  })

  const location = part<PuppetLike['messageLocation']>('messageLocation')
  Reflect.set(puppet, 'messageLocation', async (id: string) => locationIn(await location.call(puppet, id)))
  return puppet as unknown as PuppetLike
}

function streamError(error: unknown): ReadError {
  const cause = failureOf(error)
  if (cause.code === status.UNAUTHENTICATED) return new ReadError('credentials', { text: texts.credentials, cause })
  if (cause.code === status.ALREADY_EXISTS) return new ReadError('conflict', { text: texts.taken, cause })
  return new ReadError('later', { text: cause.neverLeft ? texts.unreachable : texts.away, cause })
}

/** The message's fields lie in order in an array inside: accuracy, address, latitude, longitude, name. */
function locationIn(payload: unknown): unknown {
  const fields = Object.values(payload ?? {}).find((value) => Array.isArray(value) && value.length >= 4)
  if (!fields) return payload
  const [, address, latitude, longitude, name] = fields as unknown[]
  return { address, latitude, longitude, name }
}
