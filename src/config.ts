/** Reads the environment once; gives one frozen object, or everything that is wrong with it at once. */
import { isIP } from 'node:net'
import { isAbsolute, resolve } from 'node:path'
import { z } from 'zod'

export interface Config {
  readonly port: number
  readonly host: string
  /** Public address, without a trailing slash; null while unknown. */
  readonly url: string | null
  /** Where platforms reach us: the public address; a demo's simulators come over loopback. */
  readonly door: string | null
  readonly databaseUrl: string | null
  /** Absolute path of the data folder. */
  readonly data: string
  /** `HUIXIN_DATA` was given: do not look for a better default. */
  readonly dataIsChosen: boolean
  /** Null: a key file in the data folder is used, or made. */
  readonly secret: string | null
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  /** Metrics on their own port on `host`, without a key; null: only `/metrics` with a key. */
  readonly metricsPort: number | null
  /** Proxies whose `X-Forwarded-*` headers are believed: addresses or CIDR ranges. */
  readonly trustedProxies: readonly string[]
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`Configuration errors:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

const port = z
  .string()
  .trim()
  .refine((text) => /^\d{1,5}$/u.test(text) && Number(text) <= 65_535, { error: 'must be a port number (0 to 65535)' })
  .transform(Number)
/** What `proxy-addr` understands. */
const proxies = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  )
  .refine((entries) => entries.every(isProxy), { error: 'must be addresses or CIDR ranges, separated by commas' })

function isProxy(entry: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(entry)) return true
  const [address, bits, ...more] = entry.split('/')
  const version = isIP(address ?? '')
  if (version === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/u.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

/** Links are made by adding to it: nothing may follow the path, and no password belongs there. */
function isPlainAddress(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && !url.username && !url.password && !url.search && !url.hash
}

const Environment = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  HUIXIN_URL: z
    .url({ protocol: /^https?$/u, error: 'must be an http(s) address', abort: true })
    .refine(isPlainAddress, { error: 'must be an address without user, query or fragment' })
    .optional(),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/u,
      error: 'must be a postgres:// address',
    })
    .optional(),
  HUIXIN_DATA: z.string().min(1).optional(),
  HUIXIN_SECRET: z.string().min(32, { error: 'must have at least 32 characters' }).optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('info'),
  HUIXIN_METRICS_PORT: port.optional(),
  HUIXIN_TRUSTED_PROXIES: proxies.default([]),
})

/** Throws {@link ConfigError} that names every wrong variable. */
export function readConfig(environment: Record<string, string | undefined>, folder: string = process.cwd()): Config {
  // An empty variable is one that is not set: compose files and CI write them so.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  if (given.DATABASE_URL && !given.HUIXIN_SECRET) {
    problems.push('HUIXIN_SECRET: required with DATABASE_URL, the same on every node (at least 32 characters)')
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)
  const env = parsed.data
  const data = env.HUIXIN_DATA ?? 'data'
  return Object.freeze({
    port: env.PORT,
    host: env.HOST,
    url: env.HUIXIN_URL?.replace(/\/+$/u, '') ?? null,
    door: env.HUIXIN_URL?.replace(/\/+$/u, '') ?? null,
    databaseUrl: env.DATABASE_URL ?? null,
    data: isAbsolute(data) ? data : resolve(folder, data),
    dataIsChosen: env.HUIXIN_DATA !== undefined,
    secret: env.HUIXIN_SECRET ?? null,
    logLevel: env.LOG_LEVEL,
    metricsPort: env.HUIXIN_METRICS_PORT ?? null,
    trustedProxies: env.HUIXIN_TRUSTED_PROXIES,
  })
}
