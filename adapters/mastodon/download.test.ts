import { expect, test } from 'vitest'
import { mediaOf } from './media.ts'
import { open } from './test-open.ts'

const signal = AbortSignal.timeout(10_000)
const media = (url: string) => mediaOf({ id: '1', type: 'image', url })!

async function withPicture() {
  const house = await open()
  const bytes = new Uint8Array(2_000_000).fill(7)
  const post = house.simulator.write(house.lin, {
    text: '@acme_care a',
    files: [{ type: 'image', mimeType: 'image/png', bytes }],
  })
  return { ...house, id: post.files[0]!.id, bytes }
}

test('a file is followed to where its copy lies, and comes whole', async () => {
  const { connection, simulator, id, bytes } = await withPicture()
  const response = await connection.download!(media(`${simulator.address}/media_proxy/${id}/original`), signal)
  expect(response.status).toBe(200)
  expect((await response.arrayBuffer()).byteLength).toBe(bytes.length)
})

test('the token does not go with it', async () => {
  const { connection, simulator, tools, id } = await withPicture()
  await connection.download!(media(`${simulator.address}/files/${id}`), signal)
  expect(JSON.stringify(tools.exchanges)).not.toContain('Bearer')
})

test('a file that is gone is answered so', async () => {
  const { connection, simulator } = await open()
  expect((await connection.download!(media(`${simulator.address}/files/1`), signal)).status).toBe(404)
})

test('a post cannot make us ask a machine of the house', async () => {
  const { connection } = await open()
  const { simulator: another } = await open()
  const asked = connection.download!(media(`${another.address}/files/1`), signal)
  await expect(asked).rejects.toMatchObject({ name: 'ReadError', reason: 'gone' })
  expect(another.calls).toEqual([])
})

test('a circle of redirects ends', async () => {
  const { connection, simulator } = await open()
  const around = media(`${simulator.address}/media_proxy/..%2Fmedia_proxy%2Fx/original`)
  const response = await connection.download!(around, signal)
  expect(response.status).toBe(404)
})
