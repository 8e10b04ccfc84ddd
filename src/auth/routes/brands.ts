import { z } from 'zod'
import type { App } from '../../deps.ts'
import { Brand, BrandName, BrandOverview, BrandPatch, Id, Problem } from '../../wire.ts'
import { changeBrand, createBrand, listBrands, listMembers, overlookBrands, replaceMembers } from '../brands.ts'
import type { AuthRouteDeps } from '../routes.ts'

const tags = ['Brands']
const params = z.object({ id: Id })
const Members = z.object({ userIds: z.array(z.string()) })

export async function brandRoutes(app: App, { db }: AuthRouteDeps): Promise<void> {
  app.get(
    '/api/brands',
    {
      config: { access: 'agent' },
      schema: { tags, summary: 'The brands one sees', response: { 200: z.object({ brands: z.array(Brand) }) } },
    },
    async (request) => ({ brands: await listBrands(db, request.actor) }),
  )

  app.get(
    '/api/brands/overview',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Every brand with what stands in it, archived ones too',
        response: { 200: z.object({ brands: z.array(BrandOverview) }) },
      },
    },
    async (request) => ({ brands: await overlookBrands(db, request.actor) }),
  )

  app.post(
    '/api/brands',
    {
      config: { access: 'administrator' },
      schema: { tags, summary: 'Add a brand', body: BrandName, response: { 201: Brand } },
    },
    async (request, reply) => reply.code(201).send(await createBrand(db, request.actor, request.body.name)),
  )

  app.patch(
    '/api/brands/:id',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Rename a brand, archive it, or bring it back',
        params,
        body: BrandPatch,
        response: { 200: Brand, 404: Problem, 409: Problem },
      },
    },
    async (request) => changeBrand(db, request.actor, request.params.id, request.body),
  )

  app.get(
    '/api/brands/:id/members',
    {
      config: { access: 'supervisor' },
      schema: { tags, summary: 'The users given a brand', params, response: { 200: Members } },
    },
    async (request) => ({ userIds: await listMembers(db, request.actor, request.params.id) }),
  )

  app.put(
    '/api/brands/:id/members',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Give a brand to exactly these users',
        params,
        body: z.strictObject({ userIds: z.array(z.string().max(100)).max(10_000) }),
        response: { 200: Members },
      },
    },
    async (request) => ({
      userIds: await replaceMembers(db, request.actor, request.params.id, request.body.userIds),
    }),
  )
}
