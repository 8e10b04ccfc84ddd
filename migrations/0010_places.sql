CREATE TABLE "account_activity" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"last_in_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "account_holds" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	"until" timestamp with time zone,
	"reason" text NOT NULL,
	"held_by" text NOT NULL,
	"held_by_name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "account_quotas" (
	"account_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"max" integer NOT NULL,
	"since" timestamp with time zone NOT NULL,
	CONSTRAINT "account_quotas_account_id_kind_pk" PRIMARY KEY("account_id","kind")
);
--> statement-breakpoint
ALTER TABLE "brands" ADD COLUMN "archived_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "inbound_unread" ADD COLUMN "discarded_by" text;--> statement-breakpoint
ALTER TABLE "account_holds" ADD CONSTRAINT "account_holds_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_quotas" ADD CONSTRAINT "account_quotas_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
-- by hand
INSERT INTO "account_activity" ("account_id", "last_in_at")
SELECT "account_id", max("last_inbound_at") FROM "threads" WHERE "last_inbound_at" IS NOT NULL GROUP BY "account_id";
