DROP INDEX "tickets_by_assignee";--> statement-breakpoint
CREATE INDEX "tickets_by_assignee" ON "tickets" USING btree ("assignee_id","last_message_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE assignee_id is not null;--> statement-breakpoint
-- A thread changes with every message: with room on its page none of its indexes is written.
ALTER TABLE "threads" SET (fillfactor = 80);
