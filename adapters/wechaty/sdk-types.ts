/** The parts of wechaty that are used, as far as its own types do not say them. Types alone: importing this loads nothing. */

import type { Readable } from 'node:stream'

/** What a puppet can do that we ask of it. https://github.com/wechaty/puppet/tree/main/src/mixins (wechaty-puppet 1.21.3), read 2026-11-24 */
export interface PuppetLike {
  readonly isLoggedIn: boolean
  readonly currentUserId: string
  readonly state: { active(): boolean | 'pending' }
  on(event: string, listener: (payload: never) => void): unknown
  ding(data?: string): void
  /** Of `createService`: gives the connection up at once, for a start that did not come to its end. */
  hangUp?(): void
  messagePayload(id: string): Promise<unknown>
  contactPayload(id: string): Promise<unknown>
  contactSearch(query: { weixin: string } | { alias: string }): Promise<string[]>
  roomPayload(id: string): Promise<unknown>
  roomMemberPayload(roomId: string, contactId: string): Promise<unknown>
  messageFile(id: string): Promise<FileBoxLike>
  messageContact(id: string): Promise<string>
  messageUrl(id: string): Promise<unknown>
  messageLocation(id: string): Promise<unknown>
  messageMiniProgram(id: string): Promise<unknown>
  messageSendText(conversationId: string, text: string, mentionIdList?: string[]): Promise<string | undefined>
  messageSendFile(conversationId: string, file: FileBoxLike): Promise<string | undefined>
}

export interface FileBoxLike {
  readonly type: number
  readonly name: string
  readonly mediaType: string
  readonly size: number
  toJSON(): unknown
  toStream(): Promise<Readable>
}

export interface Brolog {
  level(name: string): unknown
  enableLogging(on: boolean): unknown
  readonly constructor: { instance(): Brolog }
}
