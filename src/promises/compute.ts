/**
 * The clocks of one ticket, from its facts and its policy. Pure: the same facts give the same clocks, whenever and on
 * whichever node they are asked. See docs/promises.md for the words.
 */

import type { ClockKind, ClockState, Target } from '../db/schema-promises.ts'
import type { Calendar } from './calendar.ts'
import type { Answer, Facts, Said } from './facts.ts'
import { dueAfter, type Pause } from './measure.ts'

export interface PolicyRules {
  readonly targets: Readonly<Partial<Record<ClockKind, Target>>>
  readonly calendar: Calendar | null
  readonly pauseWaiting: boolean
  readonly pauseSnoozed: boolean
  readonly warnMs: number | null
}

export interface Clock {
  readonly kind: ClockKind
  readonly state: ClockState
  readonly startedAt: Date
  readonly dueAt: Date | null
  readonly warnAt: Date | null
  readonly leftMs: number | null
  readonly stoppedAt: Date | null
}

/** When one begins and ends, before anything is measured. */
interface Course {
  readonly startedAt: Date
  /** Null: it runs. */
  readonly stoppedAt: Date | null
  /** It ended without what was promised. */
  readonly dropped?: boolean
  readonly pauses?: readonly Pause[]
}

export function computeClocks(facts: Facts, rules: PolicyRules): Clock[] {
  const courses = coursesOf(facts, rules)
  return (Object.keys(courses) as ClockKind[]).flatMap((kind) => {
    const course = courses[kind]
    const target = rules.targets[kind]
    return course && target ? [measure(kind, course, target, rules)] : []
  })
}

function measure(kind: ClockKind, course: Course, target: Target, rules: PolicyRules): Clock {
  const { startedAt, stoppedAt, dropped = false, pauses = [] } = course
  const calendar = target.working ? rules.calendar : null
  const { dueAt, leftMs } = dueAfter(startedAt, target.ms, calendar, pauses)
  const warnAt =
    dueAt && rules.warnMs !== null ? new Date(Math.max(dueAt.getTime() - rules.warnMs, startedAt.getTime())) : null
  const late = dueAt !== null && stoppedAt !== null && stoppedAt > dueAt
  const open = leftMs === null ? 'running' : 'paused'
  const state: ClockState = stoppedAt === null ? open : late ? 'missed' : dropped ? 'dropped' : 'met'
  return { kind, state, startedAt, dueAt, warnAt, leftMs, stoppedAt }
}

function coursesOf(facts: Facts, rules: PolicyRules): Partial<Record<ClockKind, Course>> {
  const { said, answers, resolvedAt } = facts
  const first = said[0]
  if (!first) return {}
  const isFinished = facts.status === 'resolved' || facts.status === 'closed'
  const finishedAt = isFinished ? (resolvedAt ?? facts.moves.at(-1)?.at ?? first.at) : null
  const waiting = isFinished ? null : waitingSince(facts)
  const answered = answers.filter(({ at }) => at >= first.at)
  const answer = answered[0]
  const substance = answered.find(({ holding }) => !holding)
  /** Until somebody did it; else the ticket's end drops it. A ticket that goes on after that promises anew. */
  const until = (done: Answer | undefined): Course => ({
    startedAt: done || !waiting ? first.at : later(first.at, restart(facts, first, waiting)),
    stoppedAt: done?.at ?? finishedAt,
    dropped: !done,
  })
  return {
    ...(answer || waiting || finishedAt ? { first_answer: until(answer) } : {}),
    substance: until(substance),
    ...(answer ? nextAnswer(facts, answer, waiting, finishedAt) : {}),
    resolution: { startedAt: first.at, stoppedAt: finishedAt, pauses: pausesOf(facts, rules, true) },
    ...(answer && !waiting && !isFinished ? progress(facts, rules) : {}),
  }
}

/** Since when the customer waits, as the ticket says and the messages confirm; null: nobody does. */
export function waitingSince({ unansweredSince, said, answers }: Facts): Date | null {
  if (!unansweredSince) return null
  const open = said.filter((line) => !answers.some((answer) => isAnswered(line, answer)))
  const written = open[0]?.at
  return written ? later(written, unansweredSince) : unansweredSince
}

/**
 * A ticket that was finished without an answer and goes on with a new message starts its first clock there; one that was
 * only reopened goes on from the beginning.
 */
function restart(facts: Facts, first: Said, waiting: Date): Date {
  const wasFinished = facts.moves.some(({ status, at }) => isEnd(status) && at >= first.at && at <= waiting)
  return wasFinished ? waiting : first.at
}

const isEnd = (status: Facts['status']) => status === 'resolved' || status === 'closed'

const isAnswered = (line: Said, answer: Answer) => answer.at >= (answer.outside ? line.at : line.receivedAt)

/** The open question after the first answer, or the last one that was answered. */
function nextAnswer(
  facts: Facts,
  firstAnswer: Answer,
  waiting: Date | null,
  finishedAt: Date | null,
): { next_answer?: Course } {
  if (waiting) return { next_answer: { startedAt: waiting, stoppedAt: null } }
  const { said, answers } = facts
  const open = said.filter((line) => !answers.some((answer) => isAnswered(line, answer)))
  if (finishedAt && open[0]) return { next_answer: { startedAt: open[0].at, stoppedAt: finishedAt, dropped: true } }
  for (let index = answers.length - 1; index > 0; index -= 1) {
    const answer = answers[index] as Answer
    if (answer.at <= firstAnswer.at) break
    const question = said.find(
      (line) => isAnswered(line, answer) && !answers.slice(0, index).some((earlier) => isAnswered(line, earlier)),
    )
    if (question) return { next_answer: { startedAt: question.at, stoppedAt: answer.at } }
  }
  return {}
}

/** Since our last word, while nobody waits for an answer: to say how it goes, though nothing changed. */
function progress(facts: Facts, rules: PolicyRules): { progress?: Course } {
  const last = facts.answers.at(-1)
  if (!last) return {}
  return { progress: { startedAt: last.at, stoppedAt: null, pauses: pausesOf(facts, rules, false) } }
}

/** Where the ticket stood so that this promise does not count: waiting for the customer, snoozed, and, where said, finished. */
function pausesOf(facts: Facts, rules: PolicyRules, finished: boolean): Pause[] {
  const pauses: Pause[] = []
  const add = (from: Date, to: Date | null) => {
    const last = pauses.at(-1)
    if (to && to <= from) return
    if (last && (last.to === null || last.to >= from)) {
      pauses[pauses.length - 1] = { from: last.from, to: last.to === null || to === null ? null : later(last.to, to) }
    } else pauses.push({ from, to })
  }
  let at = new Date(0)
  for (const [index, move] of facts.moves.entries()) {
    // A customer's line that came late moved the ticket when we heard of it.
    at = later(at, move.at)
    const next = facts.moves[index + 1]
    const until = next ? later(at, next.at) : null
    const waits = rules.pauseWaiting && move.status === 'waiting_customer'
    if (waits || (finished && isEnd(move.status) && until)) add(at, until)
    else if (rules.pauseSnoozed && move.snoozedUntil && move.snoozedUntil > at) {
      // It wakes by itself at its time.
      add(at, until && until < move.snoozedUntil ? until : move.snoozedUntil)
    }
  }
  return pauses
}

const later = (a: Date, b: Date) => (a > b ? a : b)
