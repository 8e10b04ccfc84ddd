CREATE TABLE "ticket_languages" (
	"ticket_id" uuid PRIMARY KEY NOT NULL,
	"language" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ticket_seen" (
	"user_id" text NOT NULL,
	"ticket_id" uuid NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "ticket_seen_user_id_ticket_id_pk" PRIMARY KEY("user_id","ticket_id")
);
--> statement-breakpoint
ALTER TABLE "ticket_languages" ADD CONSTRAINT "ticket_languages_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_seen" ADD CONSTRAINT "ticket_seen_user_id_auth_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."auth_user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_seen" ADD CONSTRAINT "ticket_seen_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ticket_seen_ticket" ON "ticket_seen" USING btree ("ticket_id");