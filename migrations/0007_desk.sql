CREATE UNLOGGED TABLE "presence" (
	"user_id" text NOT NULL,
	"page" uuid NOT NULL,
	"ticket_id" uuid,
	"brand_id" uuid,
	"typing" boolean DEFAULT false NOT NULL,
	"claimed_at" timestamp with time zone,
	"sequence" bigint NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "presence_user_id_page_pk" PRIMARY KEY("user_id","page")
);
--> statement-breakpoint
CREATE INDEX "presence_ticket_id_index" ON "presence" USING btree ("ticket_id");