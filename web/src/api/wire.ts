/** The API's shapes, types only: nothing of the server's code gets into the desk. */
export type {
  Account,
  AccountGlance,
  ApiKey,
  Brand,
  BrandOverview,
  Channel,
  ChannelLogLine,
  ChannelLogPage,
  Colleague,
  Delivery,
  Draft as ServerDraft,
  Entry,
  EntryForm,
  Hold,
  Import,
  ImportPreview,
  Me,
  Media,
  Mention,
  MentionCounts,
  MentionPage,
  MentionTicket,
  Message,
  MessagePage,
  NewAnswered,
  NewQuickReply,
  NewReply,
  NewSavedView,
  Notice,
  Notices,
  OtherLine,
  Presence,
  PresenceEvent,
  PresencePut,
  Problem,
  QuickReply,
  Replayed,
  Role,
  SavedView,
  StreamEvent,
  Task,
  TaskPage,
  Ticket,
  TicketDetail,
  TicketPage,
  TicketPatch,
  UnreadContent,
  UnreadItem,
  UnreadPage,
  Uploaded,
  Usage,
  User,
} from '../../../src/wire.ts'

import type { Delivery, Media, Ticket, TicketDetail } from '../../../src/wire.ts'

export type Status = Ticket['status']
export type Priority = Ticket['priority']
export type Surface = Ticket['surface']
export type DeliveryState = Delivery['state']
export type MediaKind = Media['kind']
export type Thread = TicketDetail['threads'][number]
export type Scheduled = TicketDetail['scheduled'][number]
