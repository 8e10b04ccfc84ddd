CREATE TABLE "answers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"question_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"value" smallint NOT NULL,
	"comment" text,
	"via" text NOT NULL,
	"message_id" uuid,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "answers_value" CHECK (value between 0 and 5)
);
--> statement-breakpoint
CREATE TABLE "automatic_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"ticket_id" uuid NOT NULL,
	"thread_id" uuid,
	"message_id" uuid,
	"skipped" text,
	"yields" boolean NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "automatic_settings" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"settings" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "close_reasons" (
	"ticket_id" uuid PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"party_id" uuid NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "customer_calls" (
	"ticket_id" uuid NOT NULL,
	"day" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "customer_calls_ticket_id_day_pk" PRIMARY KEY("ticket_id","day")
);
--> statement-breakpoint
CREATE TABLE "guess_counts" (
	"key" "bytea" PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"blocked_until" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "other_parties" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"zh" text NOT NULL,
	"en" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "questions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ticket_id" uuid NOT NULL,
	"thread_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"ticket_version" integer NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "status_proofs" (
	"id" "bytea" PRIMARY KEY NOT NULL,
	"ticket_id" uuid,
	"code_hash" "bytea",
	"tries" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "status_sessions" (
	"token_hash" "bytea" PRIMARY KEY NOT NULL,
	"ticket_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "answers" ADD CONSTRAINT "answers_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."questions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "answers" ADD CONSTRAINT "answers_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "automatic_messages" ADD CONSTRAINT "automatic_messages_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "automatic_messages" ADD CONSTRAINT "automatic_messages_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "automatic_settings" ADD CONSTRAINT "automatic_settings_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "close_reasons" ADD CONSTRAINT "close_reasons_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "close_reasons" ADD CONSTRAINT "close_reasons_party_id_other_parties_id_fk" FOREIGN KEY ("party_id") REFERENCES "public"."other_parties"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_calls" ADD CONSTRAINT "customer_calls_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "other_parties" ADD CONSTRAINT "other_parties_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "status_proofs" ADD CONSTRAINT "status_proofs_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "status_sessions" ADD CONSTRAINT "status_sessions_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "answers_ticket" ON "answers" USING btree ("ticket_id","kind","at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "automatic_messages_key" ON "automatic_messages" USING btree ("key");--> statement-breakpoint
CREATE INDEX "automatic_messages_ticket" ON "automatic_messages" USING btree ("ticket_id","kind","created_at");--> statement-breakpoint
CREATE INDEX "automatic_messages_thread" ON "automatic_messages" USING btree ("thread_id","kind","created_at");--> statement-breakpoint
CREATE INDEX "automatic_messages_message" ON "automatic_messages" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "guess_counts_expire" ON "guess_counts" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "other_parties_brand" ON "other_parties" USING btree ("brand_id");--> statement-breakpoint
CREATE UNIQUE INDEX "questions_open" ON "questions" USING btree ("thread_id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "questions_ticket" ON "questions" USING btree ("ticket_id","asked_at");--> statement-breakpoint
CREATE INDEX "status_proofs_expire" ON "status_proofs" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "status_proofs_ticket" ON "status_proofs" USING btree ("ticket_id","created_at");--> statement-breakpoint
CREATE INDEX "status_sessions_expire" ON "status_sessions" USING btree ("expires_at");--> statement-breakpoint
-- by hand
-- Whatever opens a ticket or moves it is seen here, and leaves due work: only for accounts that were ever given a voice, and
-- only where the status really changed, so the busy path pays one look into a small table for a new ticket.
CREATE FUNCTION tickets_tell_automatic() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM automatic_settings WHERE account_id = NEW.account_id) THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO due_work (id, kind, account_id, subject, due_at)
    VALUES (gen_random_uuid(), 'automatic.opened', NEW.account_id, NEW.id, NEW.created_at)
    ON CONFLICT (kind, subject) DO NOTHING;
  ELSE
    INSERT INTO due_work (id, kind, account_id, subject, payload, due_at)
    VALUES (
      gen_random_uuid(), 'automatic.status', NEW.account_id, NEW.id,
      jsonb_build_object('from', OLD.status, 'to', NEW.status, 'version', NEW.version),
      least(now(), coalesce(NEW.resolved_at, NEW.last_message_at)))
    ON CONFLICT (kind, subject) DO UPDATE SET
      payload = excluded.payload, due_at = excluded.due_at, attempts = 0, parked_at = NULL;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER tickets_tell_automatic_opened AFTER INSERT ON tickets
  FOR EACH ROW EXECUTE FUNCTION tickets_tell_automatic();
--> statement-breakpoint
CREATE TRIGGER tickets_tell_automatic_moved AFTER UPDATE OF status ON tickets
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION tickets_tell_automatic();
