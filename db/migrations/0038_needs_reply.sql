-- Whose turn it is: whether the last public word is that of somebody who asks, not of staff. True before anybody
-- answered. What is said moves with merges, so a statement's tickets are looked at anew.
alter table tickets add column needs_reply boolean not null default true;

create function asks_last(tenant uuid, ticket uuid) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce((select not (u.role <> 'REQUESTER' and c.author_id <> t.requester_id)
    from public.comments c
    join public.tickets t on t.tenant_id = c.tenant_id and t.id = c.ticket_id
    join public.users u on u.tenant_id = c.tenant_id and u.id = c.author_id
    where c.tenant_id = tenant and c.ticket_id = ticket and c.visibility = 'public'
    order by c.created_at desc, c.id desc limit 1), true)
$$;

create function keep_needs_reply() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  -- Materialized: in a join, each ticket of the organisation would ask anew.
  with turns as materialized (
    select s.tenant_id, s.ticket_id, public.asks_last(s.tenant_id, s.ticket_id) as needs
    from (select distinct tenant_id, ticket_id from said where visibility = 'public') s
  )
  update public.tickets t set needs_reply = x.needs from turns x
  where t.tenant_id = x.tenant_id and t.id = x.ticket_id and t.needs_reply <> x.needs;
  return null;
end $$;

create trigger needs_reply_new after insert on comments referencing new table as said
  for each statement execute function keep_needs_reply();
create trigger needs_reply_gone after delete on comments referencing old table as said
  for each statement execute function keep_needs_reply();
create trigger needs_reply_here after update on comments referencing new table as said
  for each statement execute function keep_needs_reply();
create trigger needs_reply_there after update on comments referencing old table as said
  for each statement execute function keep_needs_reply();
grant execute on function asks_last, keep_needs_reply to servicehub_app;

-- The owner is under row security too, so it is lifted for this.
alter table tickets no force row level security;
alter table comments no force row level security;
alter table users no force row level security;
update tickets t set needs_reply = false
  where exists (select from comments c where c.tenant_id = t.tenant_id and c.ticket_id = t.id)
    and not asks_last(t.tenant_id, t.id);
alter table tickets force row level security;
alter table comments force row level security;
alter table users force row level security;
