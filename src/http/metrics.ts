/** Figures for Prometheus. One registry a process; any part adds its own at the top of its file. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { App } from '../deps.ts'

const registry = new Registry()
collectDefaultMetrics({ register: registry })

/** Names begin with `huixin_`; labels take few values, never an id or a name. */
export const counter = <L extends string = never>(name: string, help: string, labelNames: readonly L[] = []) =>
  new Counter<L>({ name, help, labelNames, registers: [registry] })

/** `read`, when given, is asked at every scrape. */
export const gauge = (name: string, help: string, read?: () => number | Promise<number>) =>
  new Gauge({
    name,
    help,
    registers: [registry],
    ...(read
      ? {
          async collect() {
            this.set(await read())
          },
        }
      : {}),
  })

export const histogram = <L extends string = never>(
  name: string,
  help: string,
  buckets: number[],
  labelNames: readonly L[] = [],
) => new Histogram<L>({ name, help, buckets, labelNames, registers: [registry] })

export const readMetrics = async () => ({ type: registry.contentType, text: await registry.metrics() })

const requests = histogram(
  'huixin_http_request_seconds',
  'Time from a request to the end of its answer.',
  [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  ['method', 'route', 'status'],
)

/** `/metrics` beside the API: for supervisors' keys. */
export function serveMetrics(app: App): void {
  app.addHook('onResponse', async (request, reply) => {
    // The pattern, not the address: an address would make a series of every ticket.
    const route = request.routeOptions.url ?? 'none'
    requests.observe(
      { method: request.method, route, status: `${Math.floor(reply.statusCode / 100)}xx` },
      reply.elapsedTime / 1000,
    )
  })
  app.get('/metrics', { config: { access: 'supervisor' }, schema: { hide: true } }, async (_request, reply) => {
    const { type, text } = await readMetrics()
    return reply.type(type).send(text)
  })
}

/** The same on a port of its own, without a key: for a network only the collector reaches. */
export async function startMetricsServer(options: {
  readonly port: number
  readonly host: string
}): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end()
    readMetrics().then(
      ({ type, text }) => response.writeHead(200, { 'content-type': type }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}
