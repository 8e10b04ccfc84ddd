/** `npm run shots`: see test/e2e/shots.test.ts, which the tests leave out. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const child = spawn(process.execPath, [vitest, 'run', 'test/e2e/shots.test.ts'], {
  cwd: root,
  env: { ...process.env, HUIXIN_SHOTS: join(root, 'shots') },
  stdio: 'inherit',
})
child.once('close', (code) => {
  process.exitCode = code ?? 1
})
