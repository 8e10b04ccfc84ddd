/** What a channel brings for `npm run demo`: its simulator, and people who complain through it. */
export interface ChannelDemo {
  readonly channel: string
  /** Starts the simulated platform on loopback and its customers; both end with the signal. */
  start(options: { readonly signal: AbortSignal }): Promise<readonly DemoAccount[]>
}

export interface DemoAccount {
  /** What the account is called in the desk. */
  readonly name: string
  /** Settings that connect an account to it. */
  readonly settings: Readonly<Record<string, unknown>>
  /** A page to look at in a browser; the demo prints its address. */
  readonly page?: { readonly title: string; readonly url: string }
  /** Where people bring files: one that was brought. */
  readonly file?: { readonly name: string; readonly bytes: Uint8Array }
  /** Lets the customers begin; called once the account is there. `webhookUrl` is its door on loopback. */
  begin(at: { readonly webhookUrl: string }): void
}

/** How a customer of the demo takes what is said to them by itself. */
export interface Manner {
  readonly language: 'zh' | 'en'
  /** What they answer when they are asked for what is missing. Left out: nothing. */
  readonly facts?: string
  /** "No" to the first "is it solved?", and "yes" to the second. Left out: "yes". */
  readonly isHardToPlease?: boolean
  /** 1 to 5. Default 5. */
  readonly score?: number
}

/** `null`: a person wrote, and the customer goes on as their part says. `says: null`: read, and left. */
export type Reaction = { readonly says: string | null } | null

/** Reads the shipped words, as a customer would; see `src/automatic/texts.ts`. One for each customer. */
export function createReactions({
  language,
  facts,
  isHardToPlease = false,
  score = 5,
}: Manner): (text: string) => Reaction {
  let refusals = isHardToPlease ? 1 : 0
  const [yes, no] = language === 'zh' ? ['1', '没有解决'] : ['yes', 'not solved']
  return (text) => {
    if (/请问问题解决了吗|Is the problem solved\?/u.test(text)) {
      refusals -= 1
      return { says: refusals >= 0 ? no : yes }
    }
    if (/请给这次服务打分|How was our service\?/u.test(text)) return { says: String(score) }
    if (/会记入您的工单 #|it goes to your ticket #/u.test(text)) return { says: facts ?? null }
    // People do not write the number of a ticket.
    return /(?:工单号?|ticket(?: is)?) #\d/u.test(text) ? { says: null } : null
  }
}
