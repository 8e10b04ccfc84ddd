CREATE TABLE "tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"message_id" uuid,
	"text" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"assignee_id" text,
	"state" text DEFAULT 'open' NOT NULL,
	"tries" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"result" text,
	"created_by" text NOT NULL,
	"created_name" text NOT NULL,
	"done_by" text,
	"done_name" text,
	"done_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "tasks_state" CHECK (state in ('open','done','cancelled'))
);
--> statement-breakpoint
DROP INDEX "deliveries_due";--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "by_hand" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "tasks_due" ON "tasks" USING btree ("brand_id","due_at","id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "tasks_ticket" ON "tasks" USING btree ("ticket_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_message" ON "tasks" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("account_id","position") WHERE state = 'queued' and not by_hand;--> statement-breakpoint
-- A delivery that failed may be sent again by a person, where the other side knows its id.
CREATE OR REPLACE FUNCTION deliveries_guard_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN (
    ('queued', 'claimed'), ('queued', 'sent'), ('queued', 'failed'), ('queued', 'cancelled'),
    ('claimed', 'sending'), ('claimed', 'queued'), ('claimed', 'failed'),
    ('sending', 'sent'), ('sending', 'queued'), ('sending', 'failed'), ('sending', 'unknown'),
    ('sent', 'delivered'), ('sent', 'read'), ('sent', 'failed'),
    ('delivered', 'read'), ('delivered', 'failed'),
    ('failed', 'queued'),
    ('unknown', 'sent'), ('unknown', 'queued'), ('unknown', 'failed'), ('unknown', 'cancelled')
  ) THEN
    RAISE EXCEPTION 'a delivery cannot go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
