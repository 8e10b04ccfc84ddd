CREATE TABLE "imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"state" text DEFAULT 'uploaded' NOT NULL,
	"file_name" text NOT NULL,
	"file_sealed" "bytea",
	"mapping" jsonb NOT NULL,
	"rows" integer NOT NULL,
	"done_rows" integer DEFAULT 0 NOT NULL,
	"fresh" integer DEFAULT 0 NOT NULL,
	"known" integer DEFAULT 0 NOT NULL,
	"bad" integer DEFAULT 0 NOT NULL,
	"bad_sealed" "bytea",
	"reason" text,
	"started_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "mentions" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"thread_id" uuid NOT NULL,
	"surface" text NOT NULL,
	"language" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"dismissed_at" timestamp with time zone,
	"dismissed_by" text,
	"ticket_id" uuid
);
--> statement-breakpoint
ALTER TABLE "messages" ALTER COLUMN "ticket_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "intake" text DEFAULT 'tickets' NOT NULL;--> statement-breakpoint
ALTER TABLE "mentions" ADD CONSTRAINT "mentions_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "imports_account_id_created_at_index" ON "imports" USING btree ("account_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "imports_old" ON "imports" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "mentions_open" ON "mentions" USING btree ("brand_id","at" DESC NULLS LAST,"message_id" DESC NULLS LAST) WHERE dismissed_at is null and ticket_id is null;--> statement-breakpoint
CREATE INDEX "mentions_all" ON "mentions" USING btree ("brand_id","at" DESC NULLS LAST,"message_id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "mentions_thread_id_index" ON "mentions" USING btree ("thread_id");--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_ticket" CHECK (ticket_id is not null or direction = 'inbound');