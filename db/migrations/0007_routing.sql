-- Who gets a ticket that enters a queue with nobody on it.

alter table queues add column assignment_rule text not null default 'manual'
  check (assignment_rule in ('manual', 'round_robin', 'least_loaded'));

-- Whether tickets may be given to a member by the rule, and when it was their turn last, as a number that counts up
-- in each queue.
alter table queue_members add column accepts boolean not null default true;
alter table queue_members add column turn bigint not null default 0;
grant update on queue_members to servicehub_app;

-- Of the tickets that are counted by queue and state, those that nobody works on.
alter table ticket_counts add column unassigned bigint not null default 0;
alter table ticket_count_deltas add column unassigned integer not null default 0;

create or replace function keep_ticket_copies() returns trigger
language plpgsql set search_path = pg_catalog, public as $$
begin
  if tg_op = 'INSERT' then
    insert into ticket_count_deltas (tenant_id, queue_key, status, delta, unassigned)
      values (new.tenant_id, new.queue_key, new.status, 1, (new.assignee_id is null)::integer);
    return null;
  end if;
  if new.queue_key <> old.queue_key or new.status <> old.status then
    insert into ticket_count_deltas (tenant_id, queue_key, status, delta, unassigned)
      values (old.tenant_id, old.queue_key, old.status, -1, -(old.assignee_id is null)::integer),
        (new.tenant_id, new.queue_key, new.status, 1, (new.assignee_id is null)::integer);
  elsif (new.assignee_id is null) <> (old.assignee_id is null) then
    insert into ticket_count_deltas (tenant_id, queue_key, status, delta, unassigned)
      values (new.tenant_id, new.queue_key, new.status, 0, case when new.assignee_id is null then 1 else -1 end);
  end if;
  update ticket_participants set status = new.status, updated_at = new.updated_at
    where tenant_id = new.tenant_id and ticket_id = new.id;
  return null;
end $$;

drop trigger keep_copies on tickets;
create trigger keep_copies after insert or update of status, queue_id, assignee_id, updated_at on tickets
  for each row execute function keep_ticket_copies();

-- What is there already is counted once, over all tenants.
alter table tickets no force row level security;
alter table ticket_count_deltas no force row level security;
insert into ticket_count_deltas (tenant_id, queue_key, status, delta, unassigned)
  select tenant_id, queue_key, status, 0, count(*) from tickets where assignee_id is null group by 1, 2, 3;
alter table tickets force row level security;
alter table ticket_count_deltas force row level security;
