-- A delivery moves only as docs/flows.md says: whatever the code, no state goes backwards.
CREATE FUNCTION deliveries_guard_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN (
    ('queued', 'claimed'), ('queued', 'sent'), ('queued', 'failed'), ('queued', 'cancelled'),
    ('claimed', 'sending'), ('claimed', 'queued'), ('claimed', 'failed'),
    ('sending', 'sent'), ('sending', 'queued'), ('sending', 'failed'), ('sending', 'unknown'),
    ('sent', 'delivered'), ('sent', 'read'), ('sent', 'failed'),
    ('delivered', 'read'), ('delivered', 'failed'),
    ('unknown', 'sent'), ('unknown', 'queued'), ('unknown', 'failed'), ('unknown', 'cancelled')
  ) THEN
    RAISE EXCEPTION 'a delivery cannot go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER deliveries_guard_state BEFORE UPDATE OF state ON deliveries
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION deliveries_guard_state();
--> statement-breakpoint
-- What was audited stays: only the sealer fills the empty place in the chain, once.
CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.seq IS NULL AND OLD.hash IS NULL
    AND (NEW.id, NEW.at, NEW.actor, NEW.action, NEW.subject, NEW.detail)
      IS NOT DISTINCT FROM (OLD.id, OLD.at, OLD.actor, OLD.action, OLD.subject, OLD.detail) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the audit is not changed' USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_guard();
