CREATE TABLE "approvals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"thread_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"user_name" text NOT NULL,
	"body" jsonb NOT NULL,
	"text" text NOT NULL,
	"approved_text" text,
	"state" text DEFAULT 'waiting' NOT NULL,
	"late_at" timestamp with time zone NOT NULL,
	"closes_at" timestamp with time zone,
	"late_told_at" timestamp with time zone,
	"comment" text,
	"refused" text,
	"decided_by" text,
	"decided_name" text,
	"decided_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "approvals_state" CHECK (state in ('waiting','approved','returned','withdrawn','refused')),
	CONSTRAINT "approvals_decided" CHECK (state = 'waiting' or decided_at is not null)
);
--> statement-breakpoint
CREATE TABLE "brand_conduct" (
	"brand_id" uuid PRIMARY KEY NOT NULL,
	"approve_public" boolean DEFAULT false NOT NULL,
	"approve_within_ms" integer DEFAULT 7200000 NOT NULL,
	"result_needed" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "department_members" (
	"department_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	CONSTRAINT "department_members_department_id_user_id_pk" PRIMARY KEY("department_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "departments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid,
	"zh" text NOT NULL,
	"en" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"archived_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "escalations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"to_id" text,
	"to_name" text,
	"reason" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"by_id" text NOT NULL,
	"by_name" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"answer" text,
	"ended_by" text,
	"ended_name" text,
	"ended_at" timestamp with time zone,
	CONSTRAINT "escalations_state" CHECK (state in ('open','answered','ended'))
);
--> statement-breakpoint
CREATE TABLE "named_statuses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"status" text NOT NULL,
	"zh" text NOT NULL,
	"en" text NOT NULL,
	"color" text NOT NULL,
	"position" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"archived_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "news" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"brand_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"by_name" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "remedies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"amount_minor" bigint,
	"currency" text,
	"serial_number" text,
	"order_reference" text,
	"note" text DEFAULT '' NOT NULL,
	"state" text DEFAULT 'offered' NOT NULL,
	"offered_at" timestamp with time zone NOT NULL,
	"decided_at" timestamp with time zone,
	"carried_out_at" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_name" text NOT NULL,
	"changed_by" text NOT NULL,
	"changed_name" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "remedies_kind" CHECK (kind in ('repair','replacement','refund','compensation','coupon','extended_warranty')),
	CONSTRAINT "remedies_state" CHECK (state in ('offered','accepted','carried_out','refused')),
	CONSTRAINT "remedies_money" CHECK ((amount_minor is null) = (currency is null) and coalesce(amount_minor, 0) >= 0)
);
--> statement-breakpoint
CREATE TABLE "ticket_acts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ticket_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"detail" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ticket_names" (
	"ticket_id" uuid PRIMARY KEY NOT NULL,
	"named_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ticket_results" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"outcome" text NOT NULL,
	"reason" text NOT NULL,
	"by_id" text NOT NULL,
	"by_name" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "ticket_results_outcome" CHECK (outcome in ('upheld','partly_upheld','not_upheld','withdrawn','not_ours'))
);
--> statement-breakpoint
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_state";--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "department_id" uuid;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "brand_conduct" ADD CONSTRAINT "brand_conduct_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "department_members" ADD CONSTRAINT "department_members_department_id_departments_id_fk" FOREIGN KEY ("department_id") REFERENCES "public"."departments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "departments" ADD CONSTRAINT "departments_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "escalations" ADD CONSTRAINT "escalations_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "news" ADD CONSTRAINT "news_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "remedies" ADD CONSTRAINT "remedies_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_acts" ADD CONSTRAINT "ticket_acts_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_names" ADD CONSTRAINT "ticket_names_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_names" ADD CONSTRAINT "ticket_names_named_id_named_statuses_id_fk" FOREIGN KEY ("named_id") REFERENCES "public"."named_statuses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_results" ADD CONSTRAINT "ticket_results_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "approvals_waiting" ON "approvals" USING btree ("brand_id","created_at","id") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "approvals_ticket" ON "approvals" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "department_members_user_id_index" ON "department_members" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "escalations_open" ON "escalations" USING btree ("ticket_id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "escalations_list" ON "escalations" USING btree ("brand_id","created_at") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "escalations_ticket" ON "escalations" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "news_newest" ON "news" USING btree ("user_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "news_unseen" ON "news" USING btree ("user_id") WHERE seen_at is null;--> statement-breakpoint
CREATE INDEX "remedies_ticket" ON "remedies" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "remedies_export" ON "remedies" USING btree ("brand_id","changed_at","id");--> statement-breakpoint
CREATE INDEX "ticket_acts_order" ON "ticket_acts" USING btree ("ticket_id","at","id");--> statement-breakpoint
CREATE INDEX "ticket_names_named_id_index" ON "ticket_names" USING btree ("named_id");--> statement-breakpoint
CREATE INDEX "ticket_results_newest" ON "ticket_results" USING btree ("ticket_id","at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "ticket_results_export" ON "ticket_results" USING btree ("brand_id","at","id");--> statement-breakpoint
CREATE INDEX "tasks_department" ON "tasks" USING btree ("department_id","due_at","id") WHERE department_id is not null;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_state" CHECK (state in ('open','done','cancelled','returned'));
--> statement-breakpoint
-- by hand
-- Whatever the code: where a brand wants it, an agent's public reply has no delivery before a supervisor approved its words.
CREATE FUNCTION deliveries_guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.automatic OR NOT EXISTS (
    SELECT FROM tickets t JOIN brand_conduct c ON c.brand_id = t.brand_id
    WHERE t.id = NEW.ticket_id AND c.approve_public
  ) THEN
    RETURN NEW;
  END IF;
  IF EXISTS (
    SELECT FROM messages m
    WHERE m.id = NEW.message_id AND (
      m.surface <> 'public'
      OR EXISTS (SELECT FROM auth_user u WHERE u.id = m.user_id AND u.role IN ('supervisor', 'administrator'))
      OR EXISTS (
        SELECT FROM api_keys k WHERE 'key:' || k.id = m.user_id AND k.role IN ('supervisor', 'administrator'))
      OR EXISTS (
        SELECT FROM approvals a
        WHERE a.id = m.id AND a.state = 'approved' AND a.approved_text = m.text
          AND (a.decided_by <> a.user_id OR EXISTS (
            SELECT FROM auth_user u WHERE u.id = a.decided_by AND u.role IN ('supervisor', 'administrator'))))
    )
  ) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'this public reply has not been approved' USING ERRCODE = 'check_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER deliveries_guard_approval BEFORE INSERT ON deliveries
  FOR EACH ROW EXECUTE FUNCTION deliveries_guard_approval();
--> statement-breakpoint
-- A finer name belongs to the status it was given for.
CREATE FUNCTION tickets_forget_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM ticket_names WHERE ticket_id = NEW.id;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER tickets_forget_name AFTER UPDATE OF status ON tickets
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION tickets_forget_name();
--> statement-breakpoint
INSERT INTO departments (id, zh, en) VALUES
  (gen_random_uuid(), '技术支持', 'Technical support'),
  (gen_random_uuid(), '门店', 'Store'),
  (gen_random_uuid(), '物流', 'Logistics');
