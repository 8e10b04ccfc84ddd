/** The API's shapes, types only: nothing of the server's code gets into the desk. */
export type {
  Account,
  AlikeTicket,
  AnswerPreview,
  ApiKey,
  Brand,
  Channel,
  Colleague,
  Delivery,
  Draft as ServerDraft,
  Entry,
  EntryForm,
  FigureReport,
  FigureRow,
  Figures,
  Import,
  ImportPreview,
  Incident,
  IncidentAnswer,
  IncidentDetail,
  IncidentPage,
  Mark,
  Me,
  Media,
  MemberPage,
  MembersChanged,
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
  OtherLine,
  Presence,
  PresenceEvent,
  PresencePut,
  Problem,
  QuickReply,
  RelatedTickets,
  Review,
  Role,
  Sample,
  SamplePage,
  SavedView,
  ScoreSheet,
  StreamEvent,
  Task,
  TaskPage,
  Ticket,
  TicketDetail,
  TicketPage,
  TicketPatch,
  TicketRef,
  Uploaded,
  Usage,
  User,
} from '../../../src/wire.ts'

import type { Incident as AnIncident, Delivery, Media, Ticket, TicketDetail } from '../../../src/wire.ts'

export type IncidentState = AnIncident['state']
export type Status = Ticket['status']
export type Priority = Ticket['priority']
export type Surface = Ticket['surface']
export type DeliveryState = Delivery['state']
export type MediaKind = Media['kind']
export type Thread = TicketDetail['threads'][number]
export type Scheduled = TicketDetail['scheduled'][number]
