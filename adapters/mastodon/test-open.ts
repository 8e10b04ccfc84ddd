/** For the tests here: a simulated server and a connection to it. */
import { onTestFinished } from 'vitest'
import type { Connection } from '#channel/adapter.ts'
import type { Reply } from '#channel/reply.ts'
import { createTestTools, type TestTools } from '../../test/helpers/adapter-tools.ts'
import { mastodon } from './index.ts'
import type { SimPerson, SimPost } from './simulator/world.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts'

export interface House {
  readonly simulator: Simulator
  readonly connection: Connection
  readonly tools: TestTools
  /** A customer on another server. */
  readonly lin: SimPerson
  /** Another connection to the same server, as after a restart. */
  reopen(): Connection
}

export async function open(options: SimulatorOptions = {}): Promise<House> {
  const simulator = await startSimulator(options)
  const tools = createTestTools([simulator.token])
  onTestFinished(async () => {
    tools.close()
    await simulator.close()
  })
  const settings = { server: simulator.address, accessToken: simulator.token }
  const reopen = () => mastodon.connect({ id: '1', name: 'acme', settings, webhookUrl: null }, tools)
  return {
    simulator,
    tools,
    reopen,
    connection: reopen(),
    lin: simulator.meet({ username: 'lin', domain: 'elsewhere.example', name: '林薇' }),
  }
}

/** An answer to a post, in its thread. */
export function replyTo(post: SimPost, more: Partial<Reply> = {}): Reply {
  const surface = post.visibility === 'direct' ? 'direct' : 'public'
  const root = post.replyTo ?? post.id
  return {
    deliveryId: crypto.randomUUID(),
    thread: { externalId: `${root}:${post.by.id}${surface === 'direct' ? ':direct' : ''}`, rootId: root },
    surface,
    to: post.by.id,
    inReplyTo: post.id,
    text: '您好，已为您登记。',
    media: [],
    doubted: false,
    signal: AbortSignal.timeout(10_000),
    ...more,
  }
}
