/** The API's shapes, types only: nothing of the server's code gets into the desk. */
export type {
  Account,
  Agent,
  Alert,
  AlertPage,
  ApiKey,
  Brand,
  Channel,
  Clock,
  ClockKind,
  Colleague,
  Delivery,
  Draft as ServerDraft,
  Entry,
  EntryForm,
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
  NewPolicy,
  NewQuickReply,
  NewReply,
  NewSavedView,
  NewTeam,
  NewWorkCalendar,
  OtherLine,
  Policy,
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
  Team,
  Ticket,
  TicketDetail,
  TicketPage,
  TicketPatch,
  Uploaded,
  Usage,
  User,
  WorkCalendar,
} from '../../../src/wire.ts'

import type { Delivery, Media, Ticket, TicketDetail } from '../../../src/wire.ts'

export type Status = Ticket['status']
export type Priority = Ticket['priority']
export type Surface = Ticket['surface']
export type DeliveryState = Delivery['state']
export type MediaKind = Media['kind']
export type Thread = TicketDetail['threads'][number]
export type Scheduled = TicketDetail['scheduled'][number]
