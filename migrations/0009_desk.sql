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
CREATE TABLE "quick_replies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" text,
	"brand_id" uuid,
	"shortcut" text NOT NULL,
	"title" text NOT NULL,
	"zh" text NOT NULL,
	"en" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "saved_views" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" text,
	"name" text NOT NULL,
	"view" text NOT NULL,
	"search" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "quick_replies" ADD CONSTRAINT "quick_replies_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "presence_ticket_id_index" ON "presence" USING btree ("ticket_id");--> statement-breakpoint
CREATE UNIQUE INDEX "quick_replies_own" ON "quick_replies" USING btree ("owner_id","shortcut") WHERE owner_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "quick_replies_shared" ON "quick_replies" USING btree (coalesce(brand_id, '00000000-0000-0000-0000-000000000000'),"shortcut") WHERE owner_id is null;--> statement-breakpoint
CREATE INDEX "saved_views_owner_id_index" ON "saved_views" USING btree ("owner_id");