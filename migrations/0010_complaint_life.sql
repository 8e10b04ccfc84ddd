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
CREATE TABLE "bulk_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"actor" jsonb NOT NULL,
	"acts" jsonb NOT NULL,
	"macro" text,
	"state" text DEFAULT 'running' NOT NULL,
	"reason" text,
	"total" integer NOT NULL,
	"missing" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "bulk_changes_state" CHECK (state in ('running','done','stopped','undoing','undone'))
);
--> statement-breakpoint
CREATE TABLE "bulk_items" (
	"bulk_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"code" text,
	"before" jsonb,
	"after" jsonb,
	CONSTRAINT "bulk_items_bulk_id_ticket_id_pk" PRIMARY KEY("bulk_id","ticket_id"),
	CONSTRAINT "bulk_items_state_known" CHECK (state in ('waiting','changed','same','failed','undone','kept'))
);
--> statement-breakpoint
CREATE TABLE "macros" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" text,
	"brand_id" uuid,
	"name" text NOT NULL,
	"acts" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
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
CREATE TABLE "incident_answers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"incident_id" uuid NOT NULL,
	"state" text NOT NULL,
	"zh" text NOT NULL,
	"en" text NOT NULL,
	"actor" jsonb NOT NULL,
	"reason" text,
	"stopped_by" text,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "incident_answers_state" CHECK (state in ('running','stopped','done'))
);
--> statement-breakpoint
CREATE TABLE "incident_notes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"incident_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"author_name" text NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incident_sends" (
	"answer_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"message_id" uuid,
	"reason" text,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "incident_sends_answer_id_ticket_id_pk" PRIMARY KEY("answer_id","ticket_id"),
	CONSTRAINT "incident_sends_state" CHECK (state in ('waiting','written','refused','stopped','withdrawn'))
);
--> statement-breakpoint
CREATE TABLE "incident_tickets" (
	"ticket_id" uuid PRIMARY KEY NOT NULL,
	"incident_id" uuid NOT NULL,
	"added_by" text NOT NULL,
	"added_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" bigint GENERATED ALWAYS AS IDENTITY (sequence name "incidents_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"brand_id" uuid NOT NULL,
	"title" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_by" text NOT NULL,
	"created_name" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone,
	CONSTRAINT "incidents_state" CHECK (state in ('open','resolved'))
);
--> statement-breakpoint
CREATE TABLE "quality_reviews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"message_id" uuid NOT NULL,
	"reviewer_id" text NOT NULL,
	"reviewer_name" text NOT NULL,
	"sheet_version" integer NOT NULL,
	"marks" jsonb NOT NULL,
	"score" integer NOT NULL,
	"comment" text NOT NULL,
	"seen" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quality_samples" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"week" timestamp with time zone NOT NULL,
	"answered_at" timestamp with time zone NOT NULL,
	"drawn_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "score_sheets" (
	"version" integer PRIMARY KEY NOT NULL,
	"criteria" jsonb NOT NULL,
	"per_agent" integer NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ticket_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ticket_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"ticket_id" uuid NOT NULL,
	"brand_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer NOT NULL,
	"rule_id" uuid,
	"fields" text[] NOT NULL,
	"from_status" text NOT NULL,
	"status" text NOT NULL,
	"snoozed_until" timestamp with time zone,
	"from_priority" text NOT NULL,
	"priority" text NOT NULL,
	"from_category" text,
	"category" text,
	"from_assignee_id" text,
	"assignee_id" text
);
--> statement-breakpoint
CREATE TABLE "ticket_links" (
	"a_id" uuid NOT NULL,
	"b_id" uuid NOT NULL,
	"by_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ticket_links_a_id_b_id_pk" PRIMARY KEY("a_id","b_id"),
	CONSTRAINT "ticket_links_order" CHECK (a_id < b_id)
);
--> statement-breakpoint
CREATE TABLE "ticket_move_items" (
	"move_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"row_id" uuid NOT NULL,
	"detail" jsonb,
	CONSTRAINT "ticket_move_items_move_id_kind_row_id_pk" PRIMARY KEY("move_id","kind","row_id")
);
--> statement-breakpoint
CREATE TABLE "ticket_moves" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"brand_id" uuid NOT NULL,
	"from_id" uuid NOT NULL,
	"into_id" uuid NOT NULL,
	"into_version" integer NOT NULL,
	"from_before" jsonb NOT NULL,
	"into_before" jsonb NOT NULL,
	"into_after" jsonb NOT NULL,
	"by_id" text NOT NULL,
	"by_name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"undone_at" timestamp with time zone,
	CONSTRAINT "ticket_moves_kind" CHECK (kind in ('merge','split'))
);
--> statement-breakpoint
CREATE TABLE "ticket_stubs" (
	"ticket_id" uuid PRIMARY KEY NOT NULL,
	"into_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contact_blocks" (
	"contact_id" uuid PRIMARY KEY NOT NULL,
	"by_id" text NOT NULL,
	"by_name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contact_fields" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"title_en" text NOT NULL,
	"title_zh" text NOT NULL,
	"type" text NOT NULL,
	"choices" text[] DEFAULT '{}' NOT NULL,
	"position" integer NOT NULL,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "contact_fields_type" CHECK (type in ('text','date','choice'))
);
--> statement-breakpoint
CREATE TABLE "contact_merges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"from_id" uuid NOT NULL,
	"into_id" uuid NOT NULL,
	"identity_ids" uuid[] NOT NULL,
	"ticket_ids" uuid[] NOT NULL,
	"block_moved" boolean DEFAULT false NOT NULL,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"by_id" text NOT NULL,
	"by_name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "contact_notes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"contact_id" uuid NOT NULL,
	"text" text NOT NULL,
	"user_id" text NOT NULL,
	"author_name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contact_values" (
	"contact_id" uuid NOT NULL,
	"field_id" uuid NOT NULL,
	"value" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "contact_values_contact_id_field_id_pk" PRIMARY KEY("contact_id","field_id")
);
--> statement-breakpoint
CREATE TABLE "contacts_apart" (
	"a_id" uuid NOT NULL,
	"b_id" uuid NOT NULL,
	"by_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "contacts_apart_a_id_b_id_pk" PRIMARY KEY("a_id","b_id"),
	CONSTRAINT "contacts_apart_order" CHECK (a_id < b_id)
);
--> statement-breakpoint
CREATE TABLE "kept_posts" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"contact_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calendars" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"time_zone" text NOT NULL,
	"hours" jsonb NOT NULL,
	"chinese_holidays" boolean NOT NULL,
	"exceptions" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clocks" (
	"ticket_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"brand_id" uuid NOT NULL,
	"policy_id" uuid NOT NULL,
	"state" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone,
	"warn_at" timestamp with time zone,
	"left_ms" bigint,
	"stopped_at" timestamp with time zone,
	"revision" integer NOT NULL,
	"ticket_version" integer NOT NULL,
	"warned_for" timestamp with time zone,
	"breached_for" timestamp with time zone,
	"steps_done" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "clocks_ticket_id_kind_pk" PRIMARY KEY("ticket_id","kind")
);
--> statement-breakpoint
CREATE TABLE "holding_replies" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"marked_by" text NOT NULL,
	"marked_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"position" integer NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"brand_ids" uuid[],
	"channels" text[],
	"priorities" text[],
	"calendar_id" uuid,
	"targets" jsonb NOT NULL,
	"pause_waiting" boolean DEFAULT true NOT NULL,
	"pause_snoozed" boolean DEFAULT true NOT NULL,
	"warn_ms" bigint,
	"warn" text[] NOT NULL,
	"breach" text[] NOT NULL,
	"steps" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agents" (
	"user_id" text PRIMARY KEY NOT NULL,
	"languages" text[] DEFAULT '{}' NOT NULL,
	"channels" text[],
	"capacity" integer,
	"state" text DEFAULT 'online' NOT NULL,
	"seen_at" timestamp with time zone,
	"given_at" timestamp with time zone
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
	"auto_assign" boolean DEFAULT false NOT NULL,
	"takes_new" boolean DEFAULT false NOT NULL,
	"return_after_ms" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
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
	"team_id" uuid,
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
CREATE TABLE "notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"brand_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"by_name" text,
	"clock" text,
	"due_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"read_at" timestamp with time zone
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
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_state";--> statement-breakpoint
ALTER TABLE "brands" ADD COLUMN "archived_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "inbound_unread" ADD COLUMN "discarded_by" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "department_id" uuid;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "team_id" uuid;--> statement-breakpoint
ALTER TABLE "account_holds" ADD CONSTRAINT "account_holds_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_quotas" ADD CONSTRAINT "account_quotas_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_items" ADD CONSTRAINT "bulk_items_bulk_id_bulk_changes_id_fk" FOREIGN KEY ("bulk_id") REFERENCES "public"."bulk_changes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_items" ADD CONSTRAINT "bulk_items_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "macros" ADD CONSTRAINT "macros_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
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
ALTER TABLE "incident_answers" ADD CONSTRAINT "incident_answers_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_notes" ADD CONSTRAINT "incident_notes_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_sends" ADD CONSTRAINT "incident_sends_answer_id_incident_answers_id_fk" FOREIGN KEY ("answer_id") REFERENCES "public"."incident_answers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_sends" ADD CONSTRAINT "incident_sends_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_tickets" ADD CONSTRAINT "incident_tickets_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_tickets" ADD CONSTRAINT "incident_tickets_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quality_reviews" ADD CONSTRAINT "quality_reviews_message_id_quality_samples_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."quality_samples"("message_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quality_reviews" ADD CONSTRAINT "quality_reviews_sheet_version_score_sheets_version_fk" FOREIGN KEY ("sheet_version") REFERENCES "public"."score_sheets"("version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quality_samples" ADD CONSTRAINT "quality_samples_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_changes" ADD CONSTRAINT "ticket_changes_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_links" ADD CONSTRAINT "ticket_links_a_id_tickets_id_fk" FOREIGN KEY ("a_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_links" ADD CONSTRAINT "ticket_links_b_id_tickets_id_fk" FOREIGN KEY ("b_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_move_items" ADD CONSTRAINT "ticket_move_items_move_id_ticket_moves_id_fk" FOREIGN KEY ("move_id") REFERENCES "public"."ticket_moves"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_moves" ADD CONSTRAINT "ticket_moves_from_id_tickets_id_fk" FOREIGN KEY ("from_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_moves" ADD CONSTRAINT "ticket_moves_into_id_tickets_id_fk" FOREIGN KEY ("into_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_stubs" ADD CONSTRAINT "ticket_stubs_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_stubs" ADD CONSTRAINT "ticket_stubs_into_id_tickets_id_fk" FOREIGN KEY ("into_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_blocks" ADD CONSTRAINT "contact_blocks_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_merges" ADD CONSTRAINT "contact_merges_from_id_contacts_id_fk" FOREIGN KEY ("from_id") REFERENCES "public"."contacts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_merges" ADD CONSTRAINT "contact_merges_into_id_contacts_id_fk" FOREIGN KEY ("into_id") REFERENCES "public"."contacts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_notes" ADD CONSTRAINT "contact_notes_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_values" ADD CONSTRAINT "contact_values_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_values" ADD CONSTRAINT "contact_values_field_id_contact_fields_id_fk" FOREIGN KEY ("field_id") REFERENCES "public"."contact_fields"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts_apart" ADD CONSTRAINT "contacts_apart_a_id_contacts_id_fk" FOREIGN KEY ("a_id") REFERENCES "public"."contacts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts_apart" ADD CONSTRAINT "contacts_apart_b_id_contacts_id_fk" FOREIGN KEY ("b_id") REFERENCES "public"."contacts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "kept_posts" ADD CONSTRAINT "kept_posts_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "brand_conduct" ADD CONSTRAINT "brand_conduct_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "department_members" ADD CONSTRAINT "department_members_department_id_departments_id_fk" FOREIGN KEY ("department_id") REFERENCES "public"."departments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "departments" ADD CONSTRAINT "departments_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "escalations" ADD CONSTRAINT "escalations_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "escalations" ADD CONSTRAINT "escalations_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "remedies" ADD CONSTRAINT "remedies_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_acts" ADD CONSTRAINT "ticket_acts_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_names" ADD CONSTRAINT "ticket_names_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_names" ADD CONSTRAINT "ticket_names_named_id_named_statuses_id_fk" FOREIGN KEY ("named_id") REFERENCES "public"."named_statuses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_results" ADD CONSTRAINT "ticket_results_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "devices" ADD CONSTRAINT "devices_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prepared_questions" ADD CONSTRAINT "prepared_questions_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repairs" ADD CONSTRAINT "repairs_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rule_failures" ADD CONSTRAINT "rule_failures_rule_id_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "public"."rules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rule_hits" ADD CONSTRAINT "rule_hits_rule_id_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "public"."rules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_facts" ADD CONSTRAINT "ticket_facts_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "warranty_sources" ADD CONSTRAINT "warranty_sources_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bulk_changes_user_id_created_at_index" ON "bulk_changes" USING btree ("user_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "bulk_items_state" ON "bulk_items" USING btree ("bulk_id","state","position");--> statement-breakpoint
CREATE INDEX "bulk_items_ticket_id_index" ON "bulk_items" USING btree ("ticket_id");--> statement-breakpoint
CREATE UNIQUE INDEX "macros_own" ON "macros" USING btree ("owner_id",lower(name)) WHERE owner_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "macros_shared" ON "macros" USING btree (coalesce(brand_id, '00000000-0000-0000-0000-000000000000'),lower(name)) WHERE owner_id is null;--> statement-breakpoint
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
CREATE INDEX "incident_answers_incident_id_created_at_index" ON "incident_answers" USING btree ("incident_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "incident_answers_running" ON "incident_answers" USING btree ("incident_id") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "incident_notes_incident_id_id_index" ON "incident_notes" USING btree ("incident_id","id");--> statement-breakpoint
CREATE INDEX "incident_sends_waiting" ON "incident_sends" USING btree ("answer_id","ticket_id") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "incident_sends_ticket" ON "incident_sends" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "incident_tickets_incident_id_ticket_id_index" ON "incident_tickets" USING btree ("incident_id","ticket_id");--> statement-breakpoint
CREATE INDEX "incidents_list" ON "incidents" USING btree ("brand_id","state","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "quality_reviews_once" ON "quality_reviews" USING btree ("message_id","reviewer_id");--> statement-breakpoint
CREATE INDEX "quality_reviews_created_at_index" ON "quality_reviews" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "quality_samples_list" ON "quality_samples" USING btree ("brand_id","week" DESC NULLS LAST,"message_id");--> statement-breakpoint
CREATE INDEX "quality_samples_user_id_week_index" ON "quality_samples" USING btree ("user_id","week" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "ticket_changes_ticket" ON "ticket_changes" USING btree ("ticket_id","id");--> statement-breakpoint
CREATE INDEX "ticket_changes_status" ON "ticket_changes" USING btree ("brand_id","at") WHERE from_status <> status;--> statement-breakpoint
CREATE INDEX "ticket_links_b_id_index" ON "ticket_links" USING btree ("b_id");--> statement-breakpoint
CREATE INDEX "ticket_move_items_row_id_index" ON "ticket_move_items" USING btree ("row_id");--> statement-breakpoint
CREATE INDEX "ticket_moves_from" ON "ticket_moves" USING btree ("from_id");--> statement-breakpoint
CREATE INDEX "ticket_moves_into" ON "ticket_moves" USING btree ("into_id");--> statement-breakpoint
CREATE INDEX "ticket_stubs_into_id_index" ON "ticket_stubs" USING btree ("into_id");--> statement-breakpoint
CREATE UNIQUE INDEX "contact_fields_key" ON "contact_fields" USING btree ("key");--> statement-breakpoint
CREATE UNIQUE INDEX "contact_merges_from" ON "contact_merges" USING btree ("from_id") WHERE undone_at is null;--> statement-breakpoint
CREATE INDEX "contact_merges_into" ON "contact_merges" USING btree ("into_id");--> statement-breakpoint
CREATE INDEX "contact_notes_contact_id_created_at_index" ON "contact_notes" USING btree ("contact_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "contact_values_field_id_value_index" ON "contact_values" USING btree ("field_id","value");--> statement-breakpoint
CREATE INDEX "kept_posts_contact_id_at_index" ON "kept_posts" USING btree ("contact_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "clocks_due" ON "clocks" USING btree ("brand_id","due_at","ticket_id") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "clocks_policy" ON "clocks" USING btree ("policy_id");--> statement-breakpoint
CREATE INDEX "team_members_user_id_index" ON "team_members" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "teams_name" ON "teams" USING btree ("name");--> statement-breakpoint
CREATE INDEX "approvals_waiting" ON "approvals" USING btree ("brand_id","created_at","id") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "approvals_own" ON "approvals" USING btree ("user_id") WHERE state in ('waiting','returned','refused');--> statement-breakpoint
CREATE INDEX "approvals_ticket" ON "approvals" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "department_members_user_id_index" ON "department_members" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "escalations_open" ON "escalations" USING btree ("ticket_id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "escalations_list" ON "escalations" USING btree ("brand_id","created_at") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "escalations_ticket" ON "escalations" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "escalations_team" ON "escalations" USING btree ("team_id") WHERE team_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "notices_once" ON "notices" USING btree ("user_id","key");--> statement-breakpoint
CREATE INDEX "notices_list" ON "notices" USING btree ("user_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "notices_unread" ON "notices" USING btree ("user_id") WHERE read_at is null;--> statement-breakpoint
CREATE INDEX "notices_old" ON "notices" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "notices_ticket" ON "notices" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "remedies_ticket" ON "remedies" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "remedies_export" ON "remedies" USING btree ("brand_id","changed_at","id");--> statement-breakpoint
CREATE INDEX "ticket_acts_order" ON "ticket_acts" USING btree ("ticket_id","at","id");--> statement-breakpoint
CREATE INDEX "ticket_names_named_id_index" ON "ticket_names" USING btree ("named_id");--> statement-breakpoint
CREATE INDEX "ticket_results_newest" ON "ticket_results" USING btree ("ticket_id","at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "ticket_results_export" ON "ticket_results" USING btree ("brand_id","at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "repairs_once" ON "repairs" USING btree ("brand_id","serial","repaired_on","reference",md5(fault || chr(1) || result || chr(1) || place));--> statement-breakpoint
CREATE INDEX "rule_failures_newest" ON "rule_failures" USING btree ("rule_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "rule_hits_newest" ON "rule_hits" USING btree ("rule_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "rules_shipped" ON "rules" USING btree ("shipped");--> statement-breakpoint
CREATE INDEX "rules_active" ON "rules" USING btree ("position") WHERE enabled;--> statement-breakpoint
CREATE INDEX "ticket_facts_serial" ON "ticket_facts" USING btree ("brand_id","serial") WHERE serial is not null;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_tickets" ON "audit" USING btree ("subject","id") WHERE starts_with(subject, 'ticket:');--> statement-breakpoint
CREATE INDEX "identities_handle" ON "identities" USING btree (lower(handle)) WHERE handle is not null;--> statement-breakpoint
CREATE INDEX "tasks_department" ON "tasks" USING btree ("department_id","due_at","id") WHERE department_id is not null;--> statement-breakpoint
CREATE INDEX "tickets_by_team" ON "tickets" USING btree ("team_id","last_message_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE team_id is not null;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_state" CHECK (state in ('open','done','cancelled','returned'));--> statement-breakpoint
-- by hand
INSERT INTO contact_fields (id, key, title_en, title_zh, type, position) VALUES
  ('01900000-0000-7000-8000-0000000000a1', 'model', 'Model', '产品型号', 'text', 1),
  ('01900000-0000-7000-8000-0000000000a2', 'serial', 'Serial number', '序列号', 'text', 2),
  ('01900000-0000-7000-8000-0000000000a3', 'purchase_date', 'Purchase date', '购买日期', 'date', 3)
  ON CONFLICT DO NOTHING;
--> statement-breakpoint
-- by hand
INSERT INTO "account_activity" ("account_id", "last_in_at")
SELECT "account_id", max("last_inbound_at") FROM "threads" WHERE "last_inbound_at" IS NOT NULL GROUP BY "account_id";
--> statement-breakpoint
-- by hand
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
-- by hand
INSERT INTO departments (id, zh, en) VALUES
  (gen_random_uuid(), '技术支持', 'Technical support'),
  (gen_random_uuid(), '门店', 'Store'),
  (gen_random_uuid(), '物流', 'Logistics');
--> statement-breakpoint
-- by hand
-- What follows from a ticket is seen here, whatever opens or moves it: two triggers, once for a statement however many tickets it
-- writes. Clocks and teams get one row of due work (of 500 tickets at most), none where nothing is promised and no team gives
-- out tickets; accounts that were ever given a voice one for each ticket. `epoch`: at once, by any clock.
CREATE FUNCTION tickets_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM policies p JOIN came c ON p.brand_ids IS NULL OR c.brand_id = ANY (p.brand_ids) WHERE p.enabled)
    OR EXISTS (SELECT FROM teams WHERE auto_assign AND takes_new) THEN
    INSERT INTO due_work (id, kind, subject, payload, due_at)
    SELECT gen_random_uuid(), 'tickets_moved', gen_random_uuid()::text, jsonb_build_object('tickets', jsonb_agg(id)), 'epoch'
    FROM (SELECT id, (row_number() OVER () - 1) / 500 AS slice FROM came) s GROUP BY slice;
  END IF;
  IF EXISTS (SELECT FROM automatic_settings) THEN
    INSERT INTO due_work (id, kind, account_id, subject, due_at)
    SELECT gen_random_uuid(), 'automatic.opened', account_id, id, created_at FROM came
    WHERE account_id IN (SELECT account_id FROM automatic_settings)
    ON CONFLICT (kind, subject) DO NOTHING;
  END IF;
  INSERT INTO ticket_changes (
    ticket_id, brand_id, at, version, fields, from_status, status, snoozed_until, from_priority, priority, category, assignee_id)
  SELECT id, brand_id, created_at, version, array_remove(ARRAY[
      CASE WHEN status <> 'new' THEN 'status' END, CASE WHEN priority <> 'normal' THEN 'priority' END,
      CASE WHEN category IS NOT NULL THEN 'category' END, CASE WHEN assignee_id IS NOT NULL THEN 'assignee' END
    ], NULL), 'new', status, snoozed_until, 'normal', priority, category, assignee_id
  FROM came WHERE status <> 'new' OR priority <> 'normal' OR category IS NOT NULL OR assignee_id IS NOT NULL;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER tickets_came AFTER INSERT ON tickets
  REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION tickets_came();
--> statement-breakpoint
-- `moved` and `stood` have no index: the way in, which plans by keys alone, would compare each row of one with each of the other.
CREATE FUNCTION tickets_moved() RETURNS trigger LANGUAGE plpgsql SET enable_hashjoin = on SET enable_nestloop = off AS $$
DECLARE
  rule uuid := nullif(current_setting('huixin.rule', true), '')::uuid;
  renamed uuid[];
BEGIN
  -- A message that moves nothing leaves nothing.
  INSERT INTO ticket_changes (
    ticket_id, brand_id, at, version, rule_id, fields, from_status, status, snoozed_until, from_priority, priority,
    from_category, category, from_assignee_id, assignee_id)
  SELECT n.id, n.brand_id, CASE
      WHEN n.resolved_at IS DISTINCT FROM o.resolved_at AND n.resolved_at IS NOT NULL THEN n.resolved_at
      WHEN n.last_message_at > o.last_message_at THEN n.last_message_at
      ELSE now() END,
    n.version, rule, array_remove(ARRAY[
      CASE WHEN n.status <> o.status THEN 'status' END,
      CASE WHEN n.snoozed_until IS DISTINCT FROM o.snoozed_until THEN 'snooze' END,
      CASE WHEN n.priority <> o.priority THEN 'priority' END,
      CASE WHEN n.category IS DISTINCT FROM o.category THEN 'category' END,
      CASE WHEN n.assignee_id IS DISTINCT FROM o.assignee_id THEN 'assignee' END,
      CASE WHEN n.team_id IS DISTINCT FROM o.team_id THEN 'team' END,
      CASE WHEN n.tags <> o.tags THEN 'tags' END
    ], NULL), o.status, n.status, n.snoozed_until, o.priority, n.priority, o.category, n.category, o.assignee_id, n.assignee_id
  FROM moved n JOIN stood o USING (id)
  WHERE (n.status, n.snoozed_until, n.priority, n.category, n.assignee_id, n.team_id, n.tags)
    IS DISTINCT FROM (o.status, o.snoozed_until, o.priority, o.category, o.assignee_id, o.team_id, o.tags);
  IF FOUND THEN
    renamed := ARRAY(SELECT n.id FROM moved n JOIN stood o USING (id) WHERE n.status <> o.status);
  END IF;
  IF renamed <> '{}' THEN
    -- A finer name belongs to the status it was given for.
    DELETE FROM ticket_names WHERE ticket_id = ANY (renamed);
    IF EXISTS (SELECT FROM automatic_settings) THEN
      INSERT INTO due_work (id, kind, account_id, subject, payload, due_at)
      SELECT gen_random_uuid(), 'automatic.status', n.account_id, n.id,
        jsonb_build_object('from', o.status, 'to', n.status, 'version', n.version),
        least(now(), coalesce(n.resolved_at, n.last_message_at))
      FROM moved n JOIN stood o USING (id)
      WHERE n.status <> o.status AND n.account_id IN (SELECT account_id FROM automatic_settings)
      ON CONFLICT (kind, subject) DO UPDATE SET
        payload = excluded.payload, due_at = excluded.due_at, attempts = 0, parked_at = NULL;
    END IF;
  END IF;
  IF EXISTS (SELECT FROM policies WHERE enabled) OR EXISTS (SELECT FROM teams WHERE auto_assign) THEN
    INSERT INTO due_work (id, kind, subject, payload, due_at)
    SELECT gen_random_uuid(), 'tickets_moved', gen_random_uuid()::text, jsonb_build_object(
      'tickets', jsonb_agg(id), 'people', jsonb_agg(DISTINCT was) FILTER (WHERE was IS NOT NULL)), 'epoch'
    FROM (
      SELECT n.id, o.assignee_id AS was, (row_number() OVER () - 1) / 500 AS slice FROM moved n JOIN stood o USING (id)
      WHERE (n.status, n.priority, n.unanswered_since, n.snoozed_until, n.team_id, n.assignee_id, n.account_id)
          IS DISTINCT FROM (o.status, o.priority, o.unanswered_since, o.snoozed_until, o.team_id, o.assignee_id, o.account_id)
        OR (n.unanswered_since IS NULL AND n.last_message_at IS DISTINCT FROM o.last_message_at)
    ) s GROUP BY slice;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER tickets_moved AFTER UPDATE ON tickets
  REFERENCING OLD TABLE AS stood NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION tickets_moved();
--> statement-breakpoint
-- by hand
-- What was finished before changes were kept.
INSERT INTO ticket_changes (ticket_id, brand_id, at, version, fields, from_status, status, from_priority, priority, category, assignee_id)
  SELECT id, brand_id, resolved_at, version, '{status}', 'new', status, 'normal', priority, category, assignee_id FROM tickets
  WHERE resolved_at IS NOT NULL AND status IN ('resolved', 'closed');
