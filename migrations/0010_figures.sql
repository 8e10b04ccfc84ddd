CREATE TABLE "incident_answers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"incident_id" uuid NOT NULL,
	"state" text NOT NULL,
	"zh" text NOT NULL,
	"en" text NOT NULL,
	"actor" jsonb NOT NULL,
	"reason" text,
	"stopped_by" text,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "incident_answers_state" CHECK (state in ('running','stopped','done'))
);
--> statement-breakpoint
CREATE TABLE "incident_notes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"incident_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"author_name" text NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incident_sends" (
	"answer_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"message_id" uuid,
	"reason" text,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "incident_sends_answer_id_ticket_id_pk" PRIMARY KEY("answer_id","ticket_id"),
	CONSTRAINT "incident_sends_state" CHECK (state in ('waiting','written','refused','stopped','withdrawn'))
);
--> statement-breakpoint
CREATE TABLE "incident_tickets" (
	"ticket_id" uuid PRIMARY KEY NOT NULL,
	"incident_id" uuid NOT NULL,
	"added_by" text NOT NULL,
	"added_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" bigint GENERATED ALWAYS AS IDENTITY (sequence name "incidents_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"brand_id" uuid NOT NULL,
	"title" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_by" text NOT NULL,
	"created_name" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone,
	CONSTRAINT "incidents_state" CHECK (state in ('open','resolved'))
);
--> statement-breakpoint
CREATE TABLE "quality_reviews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"message_id" uuid NOT NULL,
	"reviewer_id" text NOT NULL,
	"reviewer_name" text NOT NULL,
	"sheet_version" integer NOT NULL,
	"marks" jsonb NOT NULL,
	"score" integer NOT NULL,
	"comment" text NOT NULL,
	"seen" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quality_samples" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"week" timestamp with time zone NOT NULL,
	"answered_at" timestamp with time zone NOT NULL,
	"drawn_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "score_sheets" (
	"version" integer PRIMARY KEY NOT NULL,
	"criteria" jsonb NOT NULL,
	"per_agent" integer NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ticket_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ticket_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"ticket_id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"from_status" text NOT NULL,
	"status" text NOT NULL,
	"from_priority" text NOT NULL,
	"priority" text NOT NULL,
	"from_category" text,
	"category" text,
	"from_assignee_id" text,
	"assignee_id" text
);
--> statement-breakpoint
ALTER TABLE "incident_answers" ADD CONSTRAINT "incident_answers_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_notes" ADD CONSTRAINT "incident_notes_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_sends" ADD CONSTRAINT "incident_sends_answer_id_incident_answers_id_fk" FOREIGN KEY ("answer_id") REFERENCES "public"."incident_answers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_sends" ADD CONSTRAINT "incident_sends_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_tickets" ADD CONSTRAINT "incident_tickets_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_tickets" ADD CONSTRAINT "incident_tickets_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quality_reviews" ADD CONSTRAINT "quality_reviews_message_id_quality_samples_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."quality_samples"("message_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quality_reviews" ADD CONSTRAINT "quality_reviews_sheet_version_score_sheets_version_fk" FOREIGN KEY ("sheet_version") REFERENCES "public"."score_sheets"("version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quality_samples" ADD CONSTRAINT "quality_samples_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_changes" ADD CONSTRAINT "ticket_changes_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "incident_answers_incident_id_created_at_index" ON "incident_answers" USING btree ("incident_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "incident_answers_running" ON "incident_answers" USING btree ("incident_id") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "incident_notes_incident_id_id_index" ON "incident_notes" USING btree ("incident_id","id");--> statement-breakpoint
CREATE INDEX "incident_sends_waiting" ON "incident_sends" USING btree ("answer_id","ticket_id") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "incident_sends_ticket" ON "incident_sends" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "incident_tickets_incident_id_ticket_id_index" ON "incident_tickets" USING btree ("incident_id","ticket_id");--> statement-breakpoint
CREATE INDEX "incidents_list" ON "incidents" USING btree ("brand_id","state","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "quality_reviews_once" ON "quality_reviews" USING btree ("message_id","reviewer_id");--> statement-breakpoint
CREATE INDEX "quality_reviews_created_at_index" ON "quality_reviews" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "quality_samples_list" ON "quality_samples" USING btree ("brand_id","week" DESC NULLS LAST,"message_id");--> statement-breakpoint
CREATE INDEX "quality_samples_user_id_week_index" ON "quality_samples" USING btree ("user_id","week" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "ticket_changes_ticket" ON "ticket_changes" USING btree ("ticket_id","id");--> statement-breakpoint
CREATE INDEX "ticket_changes_status" ON "ticket_changes" USING btree ("brand_id","at") WHERE from_status <> status;--> statement-breakpoint
-- by hand
-- Whatever changes a ticket, its change is kept in the same transaction. A message that moves nothing costs nothing.
CREATE FUNCTION tickets_keep_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO ticket_changes (ticket_id, brand_id, at, from_status, status, from_priority, priority, category, assignee_id)
    VALUES (NEW.id, NEW.brand_id, NEW.created_at, 'new', NEW.status, 'normal', NEW.priority, NEW.category, NEW.assignee_id);
  ELSE
    INSERT INTO ticket_changes (
      ticket_id, brand_id, from_status, status, from_priority, priority, from_category, category, from_assignee_id, assignee_id)
    VALUES (
      NEW.id, NEW.brand_id, OLD.status, NEW.status, OLD.priority, NEW.priority, OLD.category, NEW.category,
      OLD.assignee_id, NEW.assignee_id);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER tickets_keep_changes AFTER UPDATE OF status, priority, category, assignee_id ON tickets
  FOR EACH ROW WHEN (
    (OLD.status, OLD.priority, OLD.category, OLD.assignee_id)
      IS DISTINCT FROM (NEW.status, NEW.priority, NEW.category, NEW.assignee_id)
  ) EXECUTE FUNCTION tickets_keep_changes();
--> statement-breakpoint
CREATE TRIGGER tickets_keep_birth AFTER INSERT ON tickets
  FOR EACH ROW WHEN (
    NEW.status <> 'new' OR NEW.priority <> 'normal' OR NEW.category IS NOT NULL OR NEW.assignee_id IS NOT NULL
  ) EXECUTE FUNCTION tickets_keep_changes();
--> statement-breakpoint
-- What was finished before changes were kept.
INSERT INTO ticket_changes (ticket_id, brand_id, at, from_status, status, from_priority, priority, category, assignee_id)
  SELECT id, brand_id, resolved_at, 'new', status, 'normal', priority, category, assignee_id FROM tickets
  WHERE resolved_at IS NOT NULL AND status IN ('resolved', 'closed');
