import type { Sql } from '../../src/db/client.ts'
import type { DeliveryState } from '../../src/db/schema.ts'

/** One change of a delivery's state, kept by a trigger that only the tests have. */
export interface Move {
  readonly delivery: string
  readonly from: DeliveryState | null
  readonly to: DeliveryState
  readonly attempt: number
  readonly reason: string | null
  readonly at: Date
}

/** From now on every move of every delivery is kept. */
export async function keepMoves(sql: Sql): Promise<void> {
  await sql.unsafe(`
    create table kept_moves (
      id bigint generated always as identity primary key,
      delivery uuid not null, "from" text, "to" text not null, attempt int not null, reason text,
      at timestamptz not null default clock_timestamp());
    create function keep_move() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        insert into kept_moves (delivery, "from", "to", attempt) values (new.id, null, new.state, new.attempt);
      elsif new.state is distinct from old.state then
        insert into kept_moves (delivery, "from", "to", attempt, reason)
        values (new.id, old.state, new.state, new.attempt, new.reason_code);
      end if;
      return new;
    end $$;
    create trigger keep_move after insert or update on deliveries for each row execute function keep_move()`)
}

export async function readMoves(sql: Sql): Promise<readonly Move[]> {
  const rows = await sql<(Omit<Move, 'at'> & { at: string })[]>`
    select delivery, "from", "to", attempt, reason, at from kept_moves order by id`
  return rows.map((row) => ({ ...row, at: new Date(row.at) }))
}
