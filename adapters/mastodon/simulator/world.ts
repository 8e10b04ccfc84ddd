/** The people and posts of a simulated server. Written from the documentation, not from the adapter. */

export interface SimPerson {
  readonly id: string
  readonly username: string
  /** Null: on this server. */
  readonly domain: string | null
  readonly name: string
  movedTo?: SimPerson
}

export interface SimFile {
  readonly id: string
  readonly type: 'image' | 'gifv' | 'video' | 'audio' | 'unknown'
  readonly mimeType: string
  readonly bytes: Uint8Array
  readonly description?: string
  /** How often it says that it is still being converted. */
  pending: number
}

export interface SimPost {
  readonly id: string
  readonly by: SimPerson
  text: string
  readonly warning: string
  readonly visibility: 'public' | 'unlisted' | 'private' | 'direct'
  readonly replyTo: string | null
  readonly files: readonly SimFile[]
  readonly poll: { readonly multiple: boolean; readonly options: readonly string[] } | null
  readonly quotes: SimPost | null
  readonly createdAt: Date
  editedAt: Date | null
}

export interface SimNotification {
  readonly id: string
  readonly type: string
  readonly from: SimPerson
  readonly post: SimPost | null
  readonly filtered: boolean
}

export interface World {
  readonly me: SimPerson
  readonly people: SimPerson[]
  readonly posts: Map<string, SimPost>
  readonly notifications: SimNotification[]
  /** Uploaded, and in no post yet. */
  readonly files: Map<string, SimFile>
  nextId(): string
}

export function createWorld(): World {
  const me: SimPerson = { id: '14715', username: 'acme_care', domain: null, name: 'Acme 客服' }
  let last = 113_500_000_000_000_000n
  return {
    me,
    people: [me],
    posts: new Map(),
    notifications: [],
    files: new Map(),
    nextId() {
      last += 65_536n
      return String(last)
    },
  }
}

export const acctOf = ({ username, domain }: SimPerson): string =>
  domain === null ? username : `${username}@${domain}`

/** `@user` is somebody here, `@user@domain` somebody there; who does not exist is not named. */
export function mentionsIn(world: World, text: string): readonly SimPerson[] {
  const named = [...text.matchAll(/(?<![\w/@])@([\w]+(?:[\w.-]*\w)?)(?:@([\w-]+(?:\.[\w-]+)+))?/gu)]
  const found = named.map(([, username, domain]) =>
    world.people.find((one) => one.username === username && one.domain === (domain ?? null)),
  )
  return [...new Set(found.filter((one) => one !== undefined))]
}
