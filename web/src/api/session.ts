/** Who is signed in, and what has to go when they leave. */

import { forgetDrafts, keepDraftsOf } from '../composer/draft-store.ts'
import { queryClient } from '../query-client.ts'
import { keepSeenOf } from '../thread/seen.ts'
import { request } from './request.ts'
import type { Me } from './wire.ts'

/** Drafts belong to one person: those of another one who used this browser tab are forgotten. */
export function rememberSignIn(me: Me): void {
  keepDraftsOf(me.id)
  keepSeenOf(me.id)
}

/** The sign-in ended by itself. Drafts stay: the same person comes back to them, another one does not get them. */
export function endSignIn(): void {
  queryClient.clear()
}

export async function signOut(): Promise<void> {
  await request('/api/auth/sign-out', { method: 'POST', body: {} })
  forgetDrafts()
  queryClient.clear()
}

export async function signIn(email: string, password: string): Promise<void> {
  await request('/api/auth/sign-in/email', { method: 'POST', body: { email, password } })
  queryClient.clear()
}

export async function setUp(body: { code: string; name: string; email: string; password: string }): Promise<void> {
  await request('/api/setup', { method: 'POST', body })
  queryClient.clear()
}
