import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Id, Problem } from '../wire.ts'
import {
  NewRule,
  PreparedQuestion,
  Rule,
  RuleDryRun,
  RuleOrder,
  RulePut,
  RuleSwitch,
  RuleTest,
  RuleTestResult,
} from '../wire-rules.ts'
import { addRule, changeRule, deleteRule, listRules, orderRules, switchRule } from './manage.ts'
import type { Patterns } from './pattern.ts'
import { finishQuestion, readQuestion } from './questions.ts'
import { dryRun, testRules } from './try.ts'

export interface RuleRouteDeps extends Pick<Deps, 'db' | 'now' | 'nudge'> {
  readonly patterns: Patterns
}

const params = z.object({ id: Id })
const config = { access: 'supervisor' } as const
const tags = ['Rules']
const all = z.object({ rules: z.array(Rule) })
const refusals = { 403: Problem, 404: Problem, 409: Problem, 422: Problem }

export async function ruleRoutes(app: App, deps: RuleRouteDeps): Promise<void> {
  const { db } = deps
  app.get(
    '/api/rules',
    { config, schema: { tags, summary: 'The triage rules, in their order', response: { 200: all } } },
    async ({ actor }) => ({ rules: await listRules(db, actor) }),
  )

  app.post(
    '/api/rules',
    {
      config,
      schema: {
        tags,
        summary: 'Add a rule, behind all others',
        description:
          'Rules for every brand are for those who see every brand. 422 `bad_pattern`, `bad_time_zone`, `too_many`, `unknown_brand`.',
        body: NewRule,
        response: { 201: Rule, ...refusals },
      },
    },
    async ({ actor, body }, reply) => reply.code(201).send(await addRule(deps, actor, body)),
  )

  app.put(
    '/api/rules/order',
    {
      config,
      schema: {
        tags,
        summary: 'Put the rules in order',
        description: 'All of them; for those who see every brand. 409 `rules_changed` when there are others by now.',
        body: RuleOrder,
        response: { 200: all, ...refusals },
      },
    },
    async ({ actor, body }) => ({ rules: await orderRules(db, actor, body.ids) }),
  )

  app.post(
    '/api/rules/test',
    {
      config,
      schema: {
        tags,
        summary: 'What the rules would make of a text, and why',
        description:
          'Marks say which words hit, and which did not because they are denied, a saying, or quoted. Nothing is changed.',
        body: RuleTest,
        response: { 200: RuleTestResult, 404: Problem, 422: Problem },
      },
    },
    async ({ actor, body }) => testRules(deps, actor, body),
  )

  app.post(
    '/api/rules/dry-run',
    {
      config,
      schema: {
        tags,
        summary: 'What the rules that are on would make of the last 100 tickets',
        description: 'By each ticket’s first message, as if nothing had been set. Nothing is changed.',
        response: { 200: RuleDryRun },
      },
    },
    async ({ actor }) => dryRun(deps, actor),
  )

  app.put(
    '/api/rules/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change a rule',
        description: '409 `rule_changed` when `revision` is another by now.',
        params,
        body: RulePut,
        response: { 200: Rule, ...refusals },
      },
    },
    async ({ actor, params: { id }, body }) => changeRule(deps, actor, id, body),
  )

  app.patch(
    '/api/rules/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Switch a rule on or off',
        params,
        body: RuleSwitch,
        response: { 200: Rule, ...refusals },
      },
    },
    async ({ actor, params: { id }, body }) => switchRule(deps, actor, id, body.enabled),
  )

  app.delete(
    '/api/rules/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Delete a rule',
        description: '422 `shipped_rule` for one that came with Huixin.',
        params,
        response: { 204: z.null(), ...refusals },
      },
    },
    async ({ actor, params: { id } }, reply) => {
      await deleteRule(db, actor, id)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/api/tickets/:id/question',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'The question a rule prepared for the customer',
        params,
        response: { 200: z.object({ question: PreparedQuestion.nullable() }), 404: Problem },
      },
    },
    async ({ actor, params: { id } }) => ({ question: await readQuestion(db, actor, id) }),
  )

  app.delete(
    '/api/tickets/:id/question',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'The prepared question is used, or not wanted',
        params,
        response: { 204: z.null(), 404: Problem },
      },
    },
    async ({ actor, params: { id } }, reply) => {
      await finishQuestion(deps, actor, id)
      return reply.code(204).send(null)
    },
  )
}
