import { type ExecFileOptions, execFile } from 'node:child_process'

/**
 * Runs a program to its end; rejects, with what it wrote, when that is not 0. In place of `promisify(execFile)`, whose types
 * a package of wechaty's replaces for the whole project.
 */
export function runProgram(
  file: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { ...options, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error) reject(Object.assign(error, { stdout, stderr }))
      else resolve({ stdout, stderr })
    })
  })
}
