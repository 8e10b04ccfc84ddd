import { z } from 'zod'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { Id, Problem } from '../wire.ts'
import {
  AutomaticAccount,
  AutomaticPreview,
  AutomaticPreviewed,
  AutomaticSettings,
  CustomerSide,
} from '../wire-automatic.ts'
import { customerSide } from './customer-side.ts'
import { changeAutomatic, previewAutomatic, showAutomatic } from './settings.ts'

const tags = ['Automatic messages']
const params = z.object({ id: Id })
const administrator = { access: 'administrator' } as const

export async function automaticRoutes(app: App, deps: Deps): Promise<void> {
  app.get(
    '/api/accounts/:id/automatic',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'What an account says by itself',
        params,
        response: { 200: AutomaticAccount, 404: Problem },
      },
    },
    async ({ actor, params: { id } }) => showAutomatic(deps, actor, id),
  )

  app.put(
    '/api/accounts/:id/automatic',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Change what an account says by itself',
        description:
          'Replaces the settings; what is left out is off, or as shipped. 422 `unknown_variable`, `missing_variable`: a text ' +
          'cannot be filled in, or says nothing without a variable.',
        params,
        body: z.strictObject({
          settings: AutomaticSettings,
          reopenWithinMs: z
            .int()
            .min(0)
            .max(365 * 86_400_000)
            .optional(),
        }),
        response: { 200: AutomaticAccount, 404: Problem, 422: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => {
      await changeAutomatic(deps, actor, id, body)
      deps.connections.changed(id)
      return showAutomatic(deps, actor, id)
    },
  )

  app.post(
    '/api/accounts/:id/automatic/preview',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'A text as a customer would read it',
        params,
        body: AutomaticPreview,
        response: { 200: AutomaticPreviewed, 404: Problem, 422: Problem },
      },
    },
    async ({ actor, params: { id }, body }) => ({ text: await previewAutomatic(deps, actor, id, body) }),
  )

  app.get(
    '/api/tickets/:id/customer',
    {
      config: { access: 'agent' },
      schema: {
        tags,
        summary: 'What the customer of a ticket knows, was told by itself, and answered',
        params,
        response: { 200: CustomerSide, 404: Problem },
      },
    },
    async ({ actor, params: { id } }) => customerSide(deps, actor, id),
  )
}
