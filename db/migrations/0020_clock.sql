-- What runs by the clock: what is due is found by an index, tenant by tenant, and what has expired is removed.

-- A clock that stands is due for no warning until it runs again; a breach is due whatever became of it.
alter table sla_clocks alter column next_at set expression as (case
  when announced = 100 then null
  when breached_at is not null then breached_at
  when phase <> 'running' then null
  when announced < 75 then warn_at
  when announced < 90 then late_warn_at
  else due_at end);
drop index sla_clocks_next;
create index sla_clocks_next on sla_clocks (tenant_id, next_at, ticket_id) where next_at is not null;
-- A clock is breached once, whatever happens to it later.
create unique index sla_ledger_breaches on sla_ledger (tenant_id, ticket_id, metric) where kind = 'breach';

create policy lookup on sla_clocks for select to servicehub_lookup using (true);
grant select (tenant_id, next_at) on sla_clocks to servicehub_lookup;
create function tenants_with_due_clocks() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public as $$
  select t.id from public.tenants t
  where exists (select 1 from public.sla_clocks k where k.tenant_id = t.id and k.next_at <= now())
$$;

-- Tickets that move by themselves: those that wait until a time, and those that stay resolved.
create index tickets_asleep on tickets (tenant_id, pending_until, id) where pending_until is not null;
create index tickets_resolved on tickets (tenant_id, resolved_at, id) where status = 'resolved';
create policy lookup on tickets for select to servicehub_lookup using (true);
grant select (tenant_id, status, pending_until, resolved_at) on tickets to servicehub_lookup;
grant select (auto_close_days) on tenants to servicehub_lookup;
create function tenants_with_tickets_to_wake() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public as $$
  select t.id from public.tenants t
  where exists (select 1 from public.tickets k where k.tenant_id = t.id and k.pending_until <= now())
$$;
create function tenants_with_tickets_to_close() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public as $$
  select t.id from public.tenants t
  where t.auto_close_days > 0 and exists (select 1 from public.tickets k where k.tenant_id = t.id
    and k.status = 'resolved' and k.resolved_at <= now() - make_interval(days => t.auto_close_days))
$$;

-- Expired rows of every organisation are removed, by the time that their ids carry.
create function tenants_to_clean() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public as $$
  select t.id from public.tenants t order by t.id
$$;
grant delete on invitations, notifications, events, outbox, inbound_mails to servicehub_app;

grant execute on function tenants_with_due_clocks, tenants_with_tickets_to_wake, tenants_with_tickets_to_close,
  tenants_to_clean to servicehub_app;
alter function tenants_with_due_clocks owner to servicehub_lookup;
alter function tenants_with_tickets_to_wake owner to servicehub_lookup;
alter function tenants_with_tickets_to_close owner to servicehub_lookup;
alter function tenants_to_clean owner to servicehub_lookup;
