/** Secret, token, key and access token are in no error, log, event or (after the core's redaction) exchange. */
import { inspect } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { createRedactor } from '../../src/accounts/redact.ts'
import { createTestTools } from '../../test/helpers/adapter-tools.ts'
import { drawScreen } from './simulator/samples.ts'
import { type Fault, startWeComSimulator } from './simulator.ts'
import { fileOf, openAccount, poll, replyTo } from './test-account.ts'

const whole = (value: unknown) => inspect(value, { depth: 20, showHidden: true, maxStringLength: null })

test.each<[string, Fault | null]>([
  ['all is well', null],
  ['all is refused', { kind: 'errcode', errcode: 40058, errmsg: 'invalid parameter' }],
  ['the line breaks', { kind: 'reset', accepted: false }],
  ['a gateway answers', { kind: 'status', status: 502, accepted: false }],
])('when %s, nothing that is said holds a secret', async (_, fault) => {
  const simulator = await startWeComSimulator()
  const kf = simulator.openKfIds[0]!
  const thread = `${kf}:wmC1`
  await simulator.customer('wmC1').says('在吗')
  const tools = createTestTools([])
  onTestFinished(async () => {
    tools.close()
    await simulator.close()
  })
  const { connection } = openAccount({ ...simulator.settings, openKfIds: kf, welcome: '您好' }, null, tools)
  // The token is there before it begins to fail.
  await connection.check()
  if (fault) simulator.fail({ path: '*', fault, times: 100 })
  const at = new Date()
  const opened = { type: 'opened', identity: 'wmC1', threadId: thread, kind: 'enter_session', at } as const
  const file = { kind: 'photo', externalId: 'x', reference: { mediaId: 'x' }, name: null, mimeType: null } as const
  const unknown = { bytes: null, width: null, height: null, durationMs: null }
  const attempts = [
    () => connection.send(replyTo(thread, '您好')),
    () => connection.send(replyTo(thread, '', { media: [fileOf('photo', 'image/png', drawScreen())] })),
    () => poll({ connection, tools }, kf, null),
    () => connection.download!({ ...file, ...unknown }, new AbortController().signal),
    () => connection.acknowledge!({ ...opened, welcome: { code: 'c', until: new Date(at.getTime() + 20_000) } }),
    () => connection.check(),
  ]
  const kept: unknown[] = []
  for (const attempt of attempts) kept.push(await attempt().catch((error: unknown) => error))

  const { secret, token, encodingAesKey, corpId } = simulator.settings
  const stored = (await tools.state.get(`access_token:${corpId}`))!
  const access = String(JSON.parse(stored).token)
  const said = whole([kept, tools.lines, tools.healths])
  for (const word of [secret, token, encodingAesKey, access]) expect(said).not.toContain(word)
  const redactor = createRedactor([secret, token, encodingAesKey].map(String))
  redactor.learn(stored)
  const logged = tools.exchanges.map(({ url, request, response }) => redactor.redact(`${url}\n${request}\n${response}`))
  expect(logged.length).toBeGreaterThan(5)
  for (const word of [secret, token, encodingAesKey, access]) expect(logged.join('\n')).not.toContain(word)
})
