CREATE TABLE "calendars" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"time_zone" text NOT NULL,
	"hours" jsonb NOT NULL,
	"chinese_holidays" boolean NOT NULL,
	"exceptions" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clocks" (
	"ticket_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"brand_id" uuid NOT NULL,
	"policy_id" uuid NOT NULL,
	"state" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone,
	"warn_at" timestamp with time zone,
	"left_ms" bigint,
	"stopped_at" timestamp with time zone,
	"revision" integer NOT NULL,
	"ticket_version" integer NOT NULL,
	"warned_for" timestamp with time zone,
	"breached_for" timestamp with time zone,
	"steps_done" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "clocks_ticket_id_kind_pk" PRIMARY KEY("ticket_id","kind")
);
--> statement-breakpoint
CREATE TABLE "holding_replies" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"marked_by" text NOT NULL,
	"marked_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"brand_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"detail" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"read_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "policies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"position" integer NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"brand_ids" uuid[],
	"channels" text[],
	"priorities" text[],
	"calendar_id" uuid,
	"targets" jsonb NOT NULL,
	"pause_waiting" boolean DEFAULT true NOT NULL,
	"pause_snoozed" boolean DEFAULT true NOT NULL,
	"warn_ms" bigint,
	"warn" text[] NOT NULL,
	"breach" text[] NOT NULL,
	"steps" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ticket_moves" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "ticket_moves_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"ticket_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"status" text NOT NULL,
	"snoozed_until" timestamp with time zone,
	CONSTRAINT "ticket_moves_ticket_id_id_pk" PRIMARY KEY("ticket_id","id")
);
--> statement-breakpoint
CREATE TABLE "agents" (
	"user_id" text PRIMARY KEY NOT NULL,
	"languages" text[] DEFAULT '{}' NOT NULL,
	"channels" text[],
	"capacity" integer,
	"state" text DEFAULT 'online' NOT NULL,
	"seen_at" timestamp with time zone,
	"given_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "team_members" (
	"team_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	CONSTRAINT "team_members_team_id_user_id_pk" PRIMARY KEY("team_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "teams" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"brand_ids" uuid[],
	"languages" text[] DEFAULT '{}' NOT NULL,
	"auto_assign" boolean DEFAULT false NOT NULL,
	"takes_new" boolean DEFAULT false NOT NULL,
	"return_after_ms" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "team_id" uuid;--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "clocks_due" ON "clocks" USING btree ("brand_id","due_at","ticket_id") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "clocks_policy" ON "clocks" USING btree ("policy_id");--> statement-breakpoint
CREATE UNIQUE INDEX "notices_once" ON "notices" USING btree ("user_id","key");--> statement-breakpoint
CREATE INDEX "notices_list" ON "notices" USING btree ("user_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "notices_unread" ON "notices" USING btree ("user_id") WHERE read_at is null;--> statement-breakpoint
CREATE INDEX "notices_old" ON "notices" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "team_members_user_id_index" ON "team_members" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "teams_name" ON "teams" USING btree ("name");--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "tickets_by_team" ON "tickets" USING btree ("team_id","last_message_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE team_id is not null;--> statement-breakpoint
-- by hand
-- Whatever moves a ticket, its clocks follow: one row of due work for a statement, however many tickets it writes (500 at
-- most each), and none where nothing is promised and no team gives out tickets. `epoch`: at once, by any clock.
CREATE FUNCTION tickets_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM policies p JOIN came c ON p.brand_ids IS NULL OR c.brand_id = ANY (p.brand_ids) WHERE p.enabled)
    OR EXISTS (SELECT FROM teams WHERE auto_assign AND takes_new) THEN
    INSERT INTO due_work (id, kind, subject, payload, due_at)
    SELECT gen_random_uuid(), 'tickets_moved', gen_random_uuid()::text, jsonb_build_object('tickets', jsonb_agg(id)), 'epoch'
    FROM (SELECT id, (row_number() OVER () - 1) / 500 AS slice FROM came) s GROUP BY slice;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER tickets_came AFTER INSERT ON tickets
  REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION tickets_came();
--> statement-breakpoint
-- How a ticket stood is kept from then on, so that pauses can be worked out at any time: when it was resolved or the message
-- that moved it was written, else now.
CREATE FUNCTION tickets_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ticket_moves (ticket_id, at, status, snoozed_until)
  SELECT n.id, CASE
      WHEN n.resolved_at IS DISTINCT FROM o.resolved_at AND n.resolved_at IS NOT NULL THEN n.resolved_at
      WHEN n.last_message_at > o.last_message_at THEN n.last_message_at
      ELSE now() END, n.status, n.snoozed_until
  FROM moved n JOIN stood o USING (id)
  WHERE (n.status, n.snoozed_until) IS DISTINCT FROM (o.status, o.snoozed_until);
  IF EXISTS (SELECT FROM policies WHERE enabled) OR EXISTS (SELECT FROM teams WHERE auto_assign) THEN
    INSERT INTO due_work (id, kind, subject, payload, due_at)
    SELECT gen_random_uuid(), 'tickets_moved', gen_random_uuid()::text, jsonb_build_object(
      'tickets', jsonb_agg(id), 'people', jsonb_agg(DISTINCT was) FILTER (WHERE was IS NOT NULL)), 'epoch'
    FROM (
      SELECT n.id, o.assignee_id AS was, (row_number() OVER () - 1) / 500 AS slice FROM moved n JOIN stood o USING (id)
      WHERE (n.status, n.priority, n.unanswered_since, n.snoozed_until, n.team_id, n.assignee_id, n.account_id)
          IS DISTINCT FROM (o.status, o.priority, o.unanswered_since, o.snoozed_until, o.team_id, o.assignee_id, o.account_id)
        OR (n.unanswered_since IS NULL AND n.last_message_at IS DISTINCT FROM o.last_message_at)
    ) s GROUP BY slice;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER tickets_moved AFTER UPDATE ON tickets
  REFERENCING OLD TABLE AS stood NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION tickets_moved();
