/** What must not be told: the token, customers' words, codes to scan; and what may not be named. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { patience } from '../../test/helpers/patience.ts'
import { wechaty } from './index.ts'
import { isInstalled } from './puppet-package.ts'
import { openAccount } from './test-account.ts'

const token = 'insecure_a-token-nobody-may-read_0123456789'
function run(code: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const options = { cwd: new URL('.', import.meta.url), env: { ...process.env, ...env } }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--input-type=module-typescript', '-e', code], options, (error, stdout, stderr) => {
      if (error) reject(error)
      else resolve(stdout + stderr)
    })
  })
}

/** A whole life in a process of its own: start, sign in, a message, a reply, a wrong token, a stop. */
const life = `
  import { startWechatyGateway } from './simulator.ts'
  import { openAccount, replyTo } from './test-account.ts'
  import { until } from '../../test/helpers/until.ts'
  const gateway = await startWechatyGateway({ token: process.env.TOKEN })
  const wrong = openAccount({ token: process.env.TOKEN + '-wrong', endpoint: gateway.endpoint })
  await wrong.listen()
  const account = openAccount({ token: gateway.token, endpoint: gateway.endpoint })
  void account.listen()
  await until(() => account.tools.healths.at(-1)?.state === 'refused')
  gateway.scan('http://weixin.qq.com/x/code-to-scan')
  gateway.login()
  await until(() => account.tools.healths.at(-1)?.name)
  const lin = gateway.customer({ name: 'Lin' })
  lin.says('words-of-a-customer')
  await until(() => account.events.length === 1)
  await account.connection.send(replyTo(lin.id, 'words-of-an-agent'))
  gateway.fault({ kind: 'throws', words: 'words-of-an-error' })
  await account.connection.send(replyTo(lin.id, 'x')).catch(() => {})
  await account.stop()
  await gateway.close()
  process.exit()
`

test.each([{}, { WECHATY_LOG: 'silly', BROLOG_LEVEL: 'silly' }])(
  'nothing is written to the console or the disk, with %j',
  async (loud) => {
    const home = mkdtempSync(join(tmpdir(), 'wechaty-home-'))
    const output = await run(life, { ...loud, TOKEN: token, HOME: home })
    for (const secret of [token, 'code-to-scan', 'words-of']) expect(output).not.toContain(secret)
    expect(existsSync(join(home, '.wechaty'))).toBe(false)
    expect(readdirSync(new URL('.', import.meta.url)).filter((name) => name.includes('memory-card'))).toEqual([])
  },
  60_000,
)

test(
  'wechaty is loaded when an account listens, not before',
  async () => {
    const code = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
    await import('./index.ts')
    console.log(JSON.stringify(loaded.filter((url) => /node_modules\\/(wechaty|file-box|memory-card|@grpc)/u.test(url))))
  `
    expect(JSON.parse(await run(code))).toEqual([])
  },
  30_000 * patience,
)

describe('the puppet', () => {
  const accepts = (puppet: string) => wechaty.settings.safeParse({ puppet, token: 'x' }).success

  test.each(['wechaty-puppet-service', 'wechaty-puppet-mock', '@juzi/wechaty-puppet-service', ' wechaty-puppet-xp '])(
    '%j can be named',
    (name) => expect(accepts(name)).toBe(true),
  )
  test.each([
    'lodash',
    'wechaty',
    'wechaty-puppet-',
    './wechaty-puppet-x',
    '/tmp/wechaty-puppet-x',
    '../wechaty-puppet-x',
    'wechaty-puppet-x/../../evil',
    'wechaty-puppet-x/dist/a.js',
    'wechaty-puppet-x.js',
    'file:///tmp/wechaty-puppet-x',
    'node:wechaty-puppet-x',
    'data:text/javascript,wechaty-puppet-x',
    '@a/b/wechaty-puppet-x',
    '@../wechaty-puppet-x',
    'wechaty-puppet-x@1.0.0',
    'wechaty-puppet-x%2f..',
    'WECHATY-PUPPET-X',
    'wechaty-puppet-x\n',
    '#channel/wechaty-puppet-x',
  ])('%j cannot', (name) => expect(accepts(name)).toBe(name.trim() !== name && accepts(name.trim())))

  test('that is not installed is said in words, by a check and by listening', async () => {
    const account = openAccount({ puppet: 'wechaty-puppet-of-nobody' })
    const text = {
      en: expect.stringMatching(/not installed.*npm install wechaty-puppet-of-nobody/u),
      zh: expect.stringMatching(/未安装/u),
    }
    expect(await account.connection.check()).toEqual({ state: 'warning', text })
    expect(await account.listen()).toMatchObject({ name: 'ReadError', reason: 'later', text })
    expect(isInstalled('wechaty-puppet-service')).toBe(true)
  })

  test('the service needs a token, another may do without', () => {
    expect(wechaty.settings.safeParse({}).success).toBe(false)
    expect(wechaty.settings.safeParse({ puppet: 'wechaty-puppet-xp' }).success).toBe(true)
  })
})

describe('the endpoint', () => {
  test.each(['', '127.0.0.1:8788', 'gateway.example:443', '[::1]:8788'])('%j can be given', (endpoint) => {
    expect(wechaty.settings.safeParse({ token, endpoint }).success).toBe(true)
  })
  test.each(['http://x:1', 'x', 'x:0', 'x:123456', 'unix:/tmp/x', 'dns:///x:1', 'a b:1', 'x:1/y'])(
    '%j cannot',
    (endpoint) => {
      expect(wechaty.settings.safeParse({ token, endpoint }).success).toBe(false)
    },
  )
})
