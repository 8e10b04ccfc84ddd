CREATE TABLE "account_usage" (
	"account_id" uuid NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"count" integer NOT NULL,
	"cost" double precision DEFAULT 0 NOT NULL,
	CONSTRAINT "account_usage_account_id_hour_kind_pk" PRIMARY KEY("account_id","hour","kind")
);
--> statement-breakpoint
ALTER TABLE "messages" ALTER COLUMN "not_replyable_reason" SET DATA TYPE jsonb USING CASE WHEN "not_replyable_reason" IS NOT NULL THEN jsonb_build_object('en', "not_replyable_reason", 'zh', "not_replyable_reason") END;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "ticket_per" text DEFAULT 'person' NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "doubted" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "cost" double precision;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "replyable_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "account_usage" ADD CONSTRAINT "account_usage_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "threads_root" ON "threads" USING btree ("account_id","root_id") WHERE root_id is not null;