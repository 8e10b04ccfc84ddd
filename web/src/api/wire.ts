/** The API's shapes, types only: nothing of the server's code gets into the desk. */
export type {
  Account,
  ApiKey,
  Brand,
  Bulk,
  Channel,
  Colleague,
  Contact,
  ContactField,
  ContactNote,
  Delivery,
  Draft as ServerDraft,
  Entry,
  EntryForm,
  Import,
  ImportPreview,
  Macro,
  MacroActs,
  Me,
  Media,
  Mention,
  MentionCounts,
  MentionPage,
  MentionTicket,
  Message,
  MessagePage,
  MoveDone,
  NewAnswered,
  NewBulk,
  NewContactField,
  NewMacro,
  NewQuickReply,
  NewReply,
  NewSavedView,
  OtherLine,
  PersonDetail,
  PersonMerged,
  Presence,
  PresenceEvent,
  PresencePut,
  Problem,
  QuickReply,
  Role,
  SavedView,
  StreamEvent,
  Task,
  TaskPage,
  Ticket,
  TicketAct,
  TicketActs,
  TicketDetail,
  TicketPage,
  TicketPatch,
  TicketRelations,
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
