import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** Closes the run with one plain line, and names the tests that passed only when they were tried again. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: ReturnType<TestCase['result']>['state']) =>
      tests.filter((test) => test.result().state === state).length
    const retried = tests.filter((test) => (test.diagnostic()?.retryCount ?? 0) > 0)
    for (const test of retried) console.log(`retried: ${test.module.relativeModuleId} > ${test.fullName}`)
    console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`)
  }
}
