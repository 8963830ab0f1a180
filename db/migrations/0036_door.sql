-- What row security is worth: nobody opens an organisation without the secret that the process alone has, and nothing
-- that the application's role can make comes before what these functions mean.

-- One row. `key` makes the proofs; of the process's secret there is the hash alone. Only servicehub_lookup reads it.
create table door (
  single boolean primary key default true check (single),
  key bytea not null default sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
  secret_hash bytea not null
);
grant select (key, secret_hash) on door to servicehub_lookup;

-- Whoever has no secret can't make one, and one is good for its transaction and organisation alone. Without a search_path
-- of its own, so that its callers, which have one, take it for an expression.
create function door_proof(key bytea, tenant uuid) returns text language sql stable parallel safe as $$
  select encode(sha256(key || uuid_send(tenant) || timestamptz_send(transaction_timestamp())), 'hex')
$$;

-- Opens the transaction for an organisation; what it may see there, `enter` and its like say next. The id of zeros is for
-- what is asked before an organisation is known.
create function open_door(secret text, tenant uuid) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  k bytea;
begin
  select d.key into k from public.door d where d.secret_hash = sha256(convert_to(secret, 'UTF8'));
  if k is null then
    raise exception 'The secret is not the one of this database' using errcode = 'SH403';
  end if;
  perform set_config('app.tenant_id', tenant::text, true), set_config('app.staff', 'off', true),
    set_config('app.proof', public.door_proof(k, tenant), true);
  return tenant;
end $$;

-- The organisation that the door was opened for in this transaction. Anyone can set app.tenant_id; nobody the proof.
create function current_tenant() returns uuid
language plpgsql stable parallel safe cost 1 security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  claimed constant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
  k bytea;
begin
  if claimed is null then
    return null;
  end if;
  select d.key into k from public.door d;
  if public.door_proof(k, claimed) = current_setting('app.proof', true) then
    return claimed;
  end if;
  return null;
end $$;

-- For functions that look across organisations: raises unless the door was opened for none.
create function require_system() returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if public.current_tenant() is distinct from '00000000-0000-0000-0000-000000000000'::uuid then
    raise exception 'Only the process itself may ask this' using errcode = 'SH403';
  end if;
  return true;
end $$;

grant execute on function door_proof, current_tenant, require_system to servicehub_lookup;
grant execute on function open_door, current_tenant to servicehub_app;
alter function open_door owner to servicehub_lookup;
alter function current_tenant owner to servicehub_lookup;
alter function require_system owner to servicehub_lookup;

create or replace function protect_table(target regclass, privileges text) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy tenant on %s to servicehub_app using (tenant_id = (select public.current_tenant()))
    with check (tenant_id = (select public.current_tenant()))', target);
  execute format('grant %s on %s to servicehub_app', privileges, target);
end $$;

do $$
declare
  p record;
begin
  for p in select c.relname, case c.relname when 'tenants' then 'id' else 'tenant_id' end as own
    from pg_policy y join pg_class c on c.oid = y.polrelid
    where y.polname = 'tenant' and c.relnamespace = 'public'::regnamespace
  loop
    execute format('alter policy tenant on %I using (%I = (select public.current_tenant()))
      with check (%2$I = (select public.current_tenant()))', p.relname, p.own);
  end loop;
end $$;

-- Internal text is in what is sent, titles of other people's tickets in the vocabulary and in merges.
select hide_internal_rows('outbox', 'true');
select hide_internal_rows('search_vocabulary', 'true');
select hide_internal_rows('ticket_merges', 'true');

-- What looks across organisations is for the process alone. They are replaced by the role that they are of.
set local role servicehub_lookup;
create or replace function tenants_of_email(wanted text) returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select u.tenant_id from public.users u
  where (select public.require_system()) and u.email_key = lower(wanted) and u.deactivated_at is null
    and u.email_verified_at is not null
  order by u.tenant_id
$$;
create or replace function tenants_to_clean() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select t.id from public.tenants t where (select public.require_system()) order by t.id
$$;
create or replace function tenants_with_count_deltas() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select t.id from public.tenants t where (select public.require_system())
    and exists (select 1 from public.ticket_count_deltas d where d.tenant_id = t.id)
$$;
create or replace function tenants_with_sla_rollouts() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select distinct r.tenant_id from public.sla_rollouts r where (select public.require_system()) and r.done_at is null
$$;
create or replace function tenants_with_due_clocks() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select t.id from public.tenants t where (select public.require_system())
    and exists (select 1 from public.sla_clocks k where k.tenant_id = t.id and k.next_at <= now())
$$;
create or replace function tenants_with_tickets_to_wake() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select t.id from public.tenants t where (select public.require_system())
    and exists (select 1 from public.tickets k where k.tenant_id = t.id and k.pending_until <= now())
$$;
create or replace function tenants_with_tickets_to_close() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select t.id from public.tenants t
  where (select public.require_system()) and t.auto_close_days > 0
    and exists (select 1 from public.tickets k where k.tenant_id = t.id
      and k.status = 'resolved' and k.resolved_at <= now() - make_interval(days => t.auto_close_days))
$$;
create or replace function tenants_to_seal() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select t.id from public.tenants t
  where (select public.require_system()) and exists (select 1 from public.audit_log a where a.tenant_id = t.id
    and a.id < public.least_uuid7(now() - interval '1 minute')
    and a.id >= coalesce(public.least_uuid7((select s.upto from public.audit_seals s where s.tenant_id = t.id
      order by s.number desc limit 1) + interval '1 millisecond'), '00000000-0000-0000-0000-000000000000'))
$$;
create or replace function tenants_to_index() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select r.tenant_id from public.search_rebuilds r where (select public.require_system())
  union
  select l.tenant_id from public.search_long_texts l where (select public.require_system()) and not l.done
$$;
create or replace function tenants_with_expired_uploads() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select t.id from public.tenants t
  where (select public.require_system())
    and exists (select 1 from public.attachments a where a.tenant_id = t.id and a.ticket_id is null
      and a.deleted_at is null and a.created_at < now() - interval '1 hour')
$$;
create or replace function message_of_provider(wanted text) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select o.tenant_id, o.id from public.outbox o where (select public.require_system()) and o.provider_id = wanted limit 1
$$;
create or replace function job_queues(wanted text) returns table (tenant_id uuid, run_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with recursive queue (tenant_id, run_at) as (
    (select j.tenant_id, j.run_at from public.jobs j
      where (select public.require_system()) and j.kind = wanted and j.state in ('ready', 'running')
      order by j.tenant_id, j.run_at limit 1)
    union all
    select n.tenant_id, n.run_at from queue q cross join lateral (
      select j.tenant_id, j.run_at from public.jobs j
      where j.kind = wanted and j.state in ('ready', 'running') and j.tenant_id > q.tenant_id
      order by j.tenant_id, j.run_at limit 1) n
  )
  select q.tenant_id, q.run_at from queue q
$$;
create or replace function next_job_run(wanted text) returns timestamptz
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select min(q.run_at) from public.job_queues(wanted) q
$$;
create or replace function claim_jobs(wanted text, most integer, hold interval, room integer, busy uuid[], held integer[])
returns table (tenant_id uuid, id uuid, kind text, lease integer, attempts integer, max_attempts integer, lost integer)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  perform public.require_system();
  update public.jobs j set state = 'dead', finished_at = now(), lost = j.lost + 1,
    last_error = 'Given up: the process that ran it ended each time'
  where (j.tenant_id, j.id) in (select s.tenant_id, s.id from public.jobs s
    where s.kind = wanted and s.state = 'running' and s.lost >= 9 and s.run_at <= now() for update skip locked);
  return query update public.jobs j set run_at = now() + hold, lease = j.lease + 1, lost = j.lost + 1
    where (j.tenant_id, j.id) in (select s.tenant_id, s.id from public.jobs s
      where s.kind = wanted and s.state = 'running' and s.lost >= 2 and s.run_at <= now()
      order by s.run_at limit 1 for update skip locked)
    returning j.tenant_id, j.id, j.kind, j.lease, j.attempts, j.max_attempts, j.lost;
  if found then return; end if;
  return query
  with open as (
    select q.tenant_id, room - coalesce(b.held, 0) as room from public.job_queues(wanted) q
      left join unnest(busy, held) as b (tenant_id, held) on b.tenant_id = q.tenant_id
    where q.run_at <= now() and room > coalesce(b.held, 0) order by random() limit most
  ), share as (
    select ceil(most / greatest(count(*), 1)::float8)::integer as each from open
  ), picked as materialized (
    select p.* from open cross join share cross join lateral (
      select j.tenant_id, j.id, j.order_key, j.state from public.jobs j
      where j.kind = wanted and j.tenant_id = open.tenant_id and j.state in ('ready', 'running') and j.run_at <= now()
        and j.lost < 2
      order by j.run_at, j.id limit least(share.each, open.room) for update skip locked) p
    limit most
  ), judged as materialized (
    select p.*, e.state as elder, e.run_at as elder_at from picked p left join lateral (
      select o.state, o.run_at from public.jobs o
      where o.tenant_id = p.tenant_id and o.order_key = p.order_key and o.id < p.id and o.state in ('ready', 'running')
      order by o.id limit 1) e on true
  ), parked as (
    -- Woken when the elder one is finished; the second is for when that is lost.
    update public.jobs j set run_at = case when g.elder = 'ready'
      then greatest(g.elder_at, now() + interval '1 second') else now() + interval '1 second' end
    from judged g where g.elder is not null and j.tenant_id = g.tenant_id and j.id = g.id
  )
  update public.jobs j set state = 'running', run_at = now() + hold, lease = j.lease + 1,
    attempts = j.attempts + (g.state = 'ready')::integer, lost = j.lost + (g.state = 'running')::integer
  from judged g where g.elder is null and j.tenant_id = g.tenant_id and j.id = g.id
  returning j.tenant_id, j.id, j.kind, j.lease, j.attempts, j.max_attempts, j.lost;
end $$;
create or replace function settle_jobs(tenants uuid[], ids uuid[], leases integer[], outcomes text[], waits float8[], notes text[])
returns table (tenant_id uuid, id uuid, freed boolean)
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
  with outcome as (
    select * from unnest(tenants, ids, leases, outcomes, waits, notes) as o (tenant_id, id, lease, state, wait, note)
    where (select public.require_system())
  ), settled as (
    update public.jobs j set state = case o.state when 'back' then 'ready' else o.state end,
      attempts = j.attempts - (o.state = 'back')::integer,
      run_at = case when o.state in ('ready', 'back') then now() + make_interval(secs => o.wait) else j.run_at end,
      finished_at = case when o.state in ('done', 'dead') then now() end,
      last_error = o.note
    from outcome o
    where j.tenant_id = o.tenant_id and j.id = o.id and j.lease = o.lease and j.state = 'running'
    returning j.tenant_id, j.id, j.order_key, j.state
  ), next as (
    select n.tenant_id, n.id from settled s cross join lateral (
      select j.tenant_id, j.id from public.jobs j
      where j.tenant_id = s.tenant_id and j.order_key = s.order_key and j.state in ('ready', 'running') and j.id <> s.id
      order by j.id limit 1) n
    where s.state in ('done', 'dead')
  ), freed as (
    update public.jobs j set run_at = now() from next n
    where j.tenant_id = n.tenant_id and j.id = n.id and j.state = 'ready' and j.attempts = 0 and j.run_at > now()
  )
  select s.tenant_id, s.id, exists (select from next) from settled s
$$;

-- pg_temp comes first where it isn't named: a temporary table would stand for ours.
do $$
declare
  f record;
begin
  for f in select p.oid::regprocedure as signature from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proowner = 'servicehub_lookup'::regrole
      and not coalesce(p.proconfig::text like '%pg_temp%', false)
  loop
    execute format('alter function %s set search_path = pg_catalog, public, pg_temp', f.signature);
  end loop;
end $$;
reset role;
do $$
declare
  f record;
begin
  for f in select p.oid::regprocedure as signature from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proowner = 'servicehub_owner'::regrole
      and p.proconfig::text like '%search_path%' and p.proconfig::text not like '%pg_temp%'
  loop
    execute format('alter function %s set search_path = pg_catalog, public, pg_temp', f.signature);
  end loop;
end $$;
