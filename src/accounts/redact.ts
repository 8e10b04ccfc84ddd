/** Takes secrets out of text, in every form they take on their way: as they are, in URLs, in JSON, in base64. */

/** Shorter ones would blank out ordinary words, and protect nothing. */
const minLength = 3
/** What adapters learn while running (access tokens); rotating ones push out the oldest. */
const maxLearned = 100
const mark = '[secret]'

export interface Redactor {
  /** Idempotent. */
  redact(text: string): string
  /** One more secret: a token that was fetched. JSON is looked into for its longer strings. */
  learn(value: string): void
  /** Length of the longest form: how much of a cut text's end may be the beginning of a secret. */
  readonly longest: number
}

export function createRedactor(secrets: Iterable<string>): Redactor {
  const given = [...secrets]
  let learned: string[] = []
  let { pattern, longest } = compile(given)
  return {
    redact(text) {
      return namedSecrets(pattern ? text.replace(pattern, mark) : text)
    },
    learn(value) {
      const fresh = leaves(value).filter((leaf) => !learned.includes(leaf) && !given.includes(leaf))
      if (fresh.length === 0) return
      learned = [...learned, ...fresh].slice(-maxLearned)
      ;({ pattern, longest } = compile([...given, ...learned]))
    },
    get longest() {
      return longest
    },
  }
}

/** Names under which platforms hand out or take credentials. */
const telling = 'token|secret|passw|credential|authorization|api_?key|private_?key|session_?key|signature|ticket'
// Names are bounded, or a long text of the wrong kind would take a time that grows with its square.
const jsonField = new RegExp(
  `("[^"\\\\]{0,60}(?:${telling})[^"\\\\]{0,60}"\\s{0,10}:\\s{0,10})"(?:[^"\\\\]|\\\\.)*"?`,
  'giu',
)
const queryName = `[\\w.\\-[\\]%]{0,60}(?:${telling})[\\w.\\-[\\]%]{0,60}`
const queryField = new RegExp(`([?&\\n]|^)(${queryName})=[^&#\\s"'<>\\\\]*`, 'giu')
const userInfo = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]{0,500}@/giu

/**
 * What no list can know: the answer that brings a new token is logged before anybody has seen that token. So values
 * that stand under a telling name go, and so does `user:password@` in an address.
 */
function namedSecrets(text: string): string {
  return text.replace(jsonField, `$1"${mark}"`).replace(queryField, `$1$2=${mark}`).replace(userInfo, '$1')
}

function compile(secrets: readonly string[]): { pattern: RegExp | null; longest: number } {
  const forms = new Set(secrets.flatMap((secret) => [...formsOf(secret)]).filter((form) => form.length >= minLength))
  if (forms.size === 0) return { pattern: null, longest: 0 }
  // The longest first: else a form that begins like another one leaves that one's tail behind.
  const sorted = [...forms].sort((a, b) => b.length - a.length)
  const escaped = sorted.map((form) => form.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&'))
  return { pattern: new RegExp(escaped.join('|'), 'gu'), longest: sorted[0]!.length }
}

function* formsOf(secret: string): Generator<string> {
  // A key of several lines (PEM) may be quoted line by line.
  const lines = secret.includes('\n') ? secret.split(/\r?\n/u).filter((line) => line.length >= 16) : []
  for (const value of [secret, secret.trim(), ...lines].map((text) => text.toWellFormed())) {
    if (value.length < minLength) continue
    yield value
    yield JSON.stringify(value).slice(1, -1)
    for (const encoded of [
      encodeURIComponent(value),
      encodeURI(value),
      new URLSearchParams([['', value]]).toString().slice(1),
    ]) {
      yield encoded
      yield encoded.replace(/%[0-9A-F]{2}/gu, (hex) => hex.toLowerCase())
    }
    const bytes = Buffer.from(value)
    if (bytes.length < 6) continue
    yield bytes.toString('hex')
    yield bytes.toString('hex').toUpperCase()
    yield* base64Forms(bytes)
  }
}

/** Inside a longer text (`user:secret`) base64 looks different at each of three offsets; the ends depend on neighbours. */
function* base64Forms(bytes: Buffer): Generator<string> {
  for (const offset of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes])
    const whole = padded.toString('base64').replaceAll('=', '')
    const inner = whole.slice(offset === 0 ? 0 : offset + 1, Math.floor((padded.length * 8) / 6))
    yield inner
    yield inner.replaceAll('+', '-').replaceAll('/', '_')
  }
}

/** The tokens in what an adapter keeps: the value itself, or the longer strings of a JSON object. */
function leaves(value: string): string[] {
  const found: string[] = []
  const visit = (part: unknown): void => {
    if (typeof part === 'string' && part.length >= 16) found.push(part)
    else if (typeof part === 'object' && part !== null) for (const inner of Object.values(part)) visit(inner)
  }
  visit(/^\s*[[{]/u.test(value) ? jsonOr(value) : value)
  return found
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text // It only looked like JSON.
  }
}
