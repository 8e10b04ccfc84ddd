CREATE TABLE "categories" (
	"id" text PRIMARY KEY NOT NULL,
	"parent_id" text,
	"en" text NOT NULL,
	"zh" text NOT NULL,
	"position" integer NOT NULL,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "categories_not_own_parent" CHECK (parent_id is distinct from id)
);
--> statement-breakpoint
CREATE TABLE "devices" (
	"brand_id" uuid NOT NULL,
	"serial" text NOT NULL,
	"model" text,
	"purchased_on" date,
	"warranty_until" date,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "devices_brand_id_serial_pk" PRIMARY KEY("brand_id","serial")
);
--> statement-breakpoint
CREATE TABLE "prepared_questions" (
	"ticket_id" uuid PRIMARY KEY NOT NULL,
	"rule_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"en" text NOT NULL,
	"zh" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"done_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "repairs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"serial" text NOT NULL,
	"repaired_on" date NOT NULL,
	"fault" text DEFAULT '' NOT NULL,
	"result" text DEFAULT '' NOT NULL,
	"place" text DEFAULT '' NOT NULL,
	"reference" text DEFAULT '' NOT NULL,
	"imported_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rule_failures" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rule_failures_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rule_id" uuid NOT NULL,
	"ticket_id" uuid,
	"brand_id" uuid,
	"code" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rule_hits" (
	"rule_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"did" text[] NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "rule_hits_rule_id_message_id_pk" PRIMARY KEY("rule_id","message_id")
);
--> statement-breakpoint
CREATE TABLE "rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"shipped" text,
	"position" integer NOT NULL,
	"en" text NOT NULL,
	"zh" text NOT NULL,
	"enabled" boolean DEFAULT false NOT NULL,
	"brand_ids" uuid[],
	"conditions" jsonb NOT NULL,
	"actions" jsonb NOT NULL,
	"stops" boolean DEFAULT false NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"failed_at" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ticket_facts" (
	"ticket_id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"model" text,
	"serial" text,
	"purchased_on" date,
	"proof_id" uuid,
	"sources" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"dismissed" text[] DEFAULT '{}' NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ticket_set" (
	"ticket_id" uuid NOT NULL,
	"field" text NOT NULL,
	"version" integer NOT NULL,
	"rule_id" uuid,
	CONSTRAINT "ticket_set_ticket_id_field_pk" PRIMARY KEY("ticket_id","field")
);
--> statement-breakpoint
CREATE TABLE "warranty_answers" (
	"brand_id" uuid NOT NULL,
	"serial" text NOT NULL,
	"answer" jsonb,
	"failure" text,
	"asked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "warranty_answers_brand_id_serial_pk" PRIMARY KEY("brand_id","serial")
);
--> statement-breakpoint
CREATE TABLE "warranty_sources" (
	"brand_id" uuid PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"token_sealed" "bytea",
	"updated_at" timestamp with time zone NOT NULL
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
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "team_id" uuid;--> statement-breakpoint
ALTER TABLE "devices" ADD CONSTRAINT "devices_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prepared_questions" ADD CONSTRAINT "prepared_questions_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repairs" ADD CONSTRAINT "repairs_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rule_failures" ADD CONSTRAINT "rule_failures_rule_id_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "public"."rules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rule_hits" ADD CONSTRAINT "rule_hits_rule_id_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "public"."rules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_facts" ADD CONSTRAINT "ticket_facts_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_set" ADD CONSTRAINT "ticket_set_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "warranty_sources" ADD CONSTRAINT "warranty_sources_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "repairs_once" ON "repairs" USING btree ("brand_id","serial","repaired_on","reference",md5(fault || chr(1) || result || chr(1) || place));--> statement-breakpoint
CREATE INDEX "rule_failures_newest" ON "rule_failures" USING btree ("rule_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "rule_hits_newest" ON "rule_hits" USING btree ("rule_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "rules_shipped" ON "rules" USING btree ("shipped");--> statement-breakpoint
CREATE INDEX "rules_active" ON "rules" USING btree ("position") WHERE enabled;--> statement-breakpoint
CREATE INDEX "ticket_facts_serial" ON "ticket_facts" USING btree ("brand_id","serial") WHERE serial is not null;--> statement-breakpoint
CREATE INDEX "team_members_user_id_index" ON "team_members" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "teams_name" ON "teams" USING btree ("name");--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "tickets_by_team" ON "tickets" USING btree ("team_id","last_message_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE team_id is not null;
--> statement-breakpoint
-- by hand
-- Who set a ticket's fields last: rules ask it and never overwrite a person. Ingest writes none of these columns.
CREATE FUNCTION tickets_note_set() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  rule uuid := nullif(current_setting('huixin.rule', true), '')::uuid;
BEGIN
  INSERT INTO ticket_set (ticket_id, field, version, rule_id)
  SELECT NEW.id, f.field, NEW.version, rule FROM (VALUES
    ('category', OLD.category IS DISTINCT FROM NEW.category),
    ('priority', OLD.priority IS DISTINCT FROM NEW.priority),
    ('assignee', OLD.assignee_id IS DISTINCT FROM NEW.assignee_id),
    ('team', OLD.team_id IS DISTINCT FROM NEW.team_id),
    ('tags', OLD.tags IS DISTINCT FROM NEW.tags)
  ) AS f(field, changed) WHERE f.changed
  ON CONFLICT (ticket_id, field) DO UPDATE SET version = excluded.version, rule_id = excluded.rule_id;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER tickets_note_set AFTER UPDATE OF category, priority, assignee_id, team_id, tags ON tickets FOR EACH ROW
  WHEN ((OLD.category, OLD.priority, OLD.assignee_id, OLD.team_id, OLD.tags)
    IS DISTINCT FROM (NEW.category, NEW.priority, NEW.assignee_id, NEW.team_id, NEW.tags))
  EXECUTE FUNCTION tickets_note_set();
--> statement-breakpoint
INSERT INTO categories (id, parent_id, en, zh, position) VALUES
  ('product', NULL, 'Product fault', '产品故障', 0),
  ('product.screen', 'product', 'Screen', '屏幕', 0),
  ('product.camera', 'product', 'Camera', '相机', 1),
  ('product.battery', 'product', 'Battery and charging', '电池与充电', 2),
  ('product.boot', 'product', 'Starting up', '开机', 3),
  ('product.lag', 'product', 'Slow or freezing', '卡顿', 4),
  ('product.network', 'product', 'Network', '网络', 5),
  ('product.data', 'product', 'Data', '数据', 6),
  ('service', NULL, 'After-sales service', '售后服务', 1),
  ('price', NULL, 'Price and promotion', '价格与促销', 2),
  ('usage', NULL, 'Usage', '使用咨询', 3),
  ('repeat', NULL, 'Repeated dispute', '反复纠纷', 4),
  ('warranty', NULL, 'Warranty', '保修', 5),
  ('lost', NULL, 'Lost or stolen', '丢失或被盗', 6);
