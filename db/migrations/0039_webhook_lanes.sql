-- A receiver that hangs or fails holds up itself alone: the messages of a webhook endpoint share a lane.

-- Of the jobs of one lane, few run at once, however many workers there are.
alter table jobs add column lane uuid;
grant select (lane) on jobs to servicehub_lookup;
create index jobs_by_lane on jobs (kind, tenant_id, lane, run_at, id)
  where lane is not null and state in ('ready', 'running');
create index jobs_running_by_lane on jobs (kind, tenant_id, lane) where lane is not null and state = 'running';
-- A lane with one of these is failing.
create index jobs_failing_by_lane on jobs (kind, tenant_id, lane)
  where lane is not null and state in ('ready', 'running') and attempts > (state = 'running')::integer;

create or replace function plan_messages() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into public.jobs (tenant_id, id, kind, order_key, lane)
  select m.tenant_id, m.id, m.kind,
    coalesce(m.order_key, public.order_of_message(m.kind, m.recipient, m.payload)), m.endpoint_id
  from made m;
  return null;
end $$;

create policy moving on jobs to servicehub_owner using (true) with check (true);
create policy moving on outbox for select to servicehub_owner using (true);
update jobs j set lane = o.endpoint_id from outbox o
  where o.tenant_id = j.tenant_id and o.id = j.id and o.endpoint_id is not null;
drop policy moving on jobs;
drop policy moving on outbox;

-- Due jobs of a tenant, locked. With `lane_room`, of each lane with room left up to 16, since some may wait for an elder.
create function due_jobs(wanted text, tenant uuid, most integer, lane_room integer) returns table (tenant_id uuid,
  id uuid, order_key text, state text, run_at timestamptz, lane uuid, lane_left integer, failing boolean,
  failing_held integer)
language plpgsql volatile set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  if lane_room is null then
    return query
    select j.tenant_id, j.id, j.order_key, j.state, j.run_at::timestamptz, null::uuid, null::integer, false, 0
    from public.jobs j
    where j.kind = wanted and j.tenant_id = tenant and j.state in ('ready', 'running') and j.run_at <= now()
      and j.lost < 2
    order by j.run_at, j.id limit most for update skip locked;
    return;
  end if;
  return query
  with recursive lanes (lane) as (
    (select j.lane from public.jobs j where j.kind = wanted and j.tenant_id = tenant
      and j.state in ('ready', 'running') and j.lane is not null order by j.lane limit 1)
    union all
    select (select j.lane from public.jobs j where j.kind = wanted and j.tenant_id = tenant
      and j.state in ('ready', 'running') and j.lane is not null and j.lane > l.lane order by j.lane limit 1)
    from lanes l where l.lane is not null
  ), open as materialized (
    select l.lane, exists (select from public.jobs f
        where f.kind = wanted and f.tenant_id = tenant and f.lane = l.lane and f.state in ('ready', 'running')
          and f.attempts > (f.state = 'running')::integer) as failing,
      lane_room - (select count(*) from public.jobs r where r.kind = wanted and r.tenant_id = tenant
        and r.lane = l.lane and r.state = 'running' and r.run_at > now())::integer as room
    from lanes l where l.lane is not null
  )
  select d.tenant_id, d.id, d.order_key, d.state, d.run_at::timestamptz, o.lane, o.room, o.failing,
    (select coalesce(sum(lane_room - f.room), 0)::integer from open f where f.failing)
  from open o cross join lateral (
    select j.tenant_id, j.id, j.order_key, j.state, j.run_at from public.jobs j
    where j.kind = wanted and j.tenant_id = tenant and j.lane = o.lane and j.state in ('ready', 'running')
      and j.run_at <= now() and j.lost < 2
    order by j.run_at, j.id limit 16 for update skip locked) d
  where o.room > 0;
end $$;
grant execute on function due_jobs to servicehub_lookup;

-- As before, and of each lane no more than `lane_room` at once. Failing lanes come last, take half of a tenant's room, and
-- no more than `slack` in all.
drop function claim_jobs(text, integer, interval, integer, uuid[], integer[]);
create function claim_jobs(wanted text, most integer, hold interval, room integer, busy uuid[], held integer[],
  lane_room integer, slack integer)
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
    where q.run_at <= now() and room > coalesce(b.held, 0)
    -- Lanes may have no room left: more tenants are asked than jobs are wanted.
    order by random() limit case when lane_room is null then most else greatest(most, 32) end
  ), share as (
    select ceil(most / greatest(count(*), 1)::float8)::integer as each from open
  ), picked as materialized (
    select p.*, least(s.each, o.room) as most_here, greatest(claim_jobs.room / 2 - p.failing_held, 0) as most_failing
    from open o cross join share s
      cross join lateral public.due_jobs(wanted, o.tenant_id, least(s.each, o.room), lane_room) p
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
  ), in_lanes as (
    select g.*, row_number() over (partition by g.tenant_id, g.lane order by g.run_at, g.id) as in_lane
    from judged g where g.elder is null
  ), fitting as (
    select l.*, row_number() over (partition by l.tenant_id order by l.failing, l.run_at, l.id) as of_tenant,
      row_number() over (partition by l.tenant_id, l.failing order by l.run_at, l.id) as of_state
    from in_lanes l where l.lane is null or l.in_lane <= l.lane_left
  ), chosen as (
    select f.tenant_id, f.id, f.state, f.failing, row_number() over (partition by f.failing order by f.run_at, f.id) as nth
    from fitting f where f.of_tenant <= f.most_here and (not f.failing or f.of_state <= f.most_failing)
    order by f.failing, f.run_at, f.id limit most
  )
  update public.jobs j set state = 'running', run_at = now() + hold, lease = j.lease + 1,
    attempts = j.attempts + (c.state = 'ready')::integer, lost = j.lost + (c.state = 'running')::integer
  from chosen c where (not c.failing or c.nth <= slack) and j.tenant_id = c.tenant_id and j.id = c.id
  returning j.tenant_id, j.id, j.kind, j.lease, j.attempts, j.max_attempts, j.lost;
end $$;
grant execute on function claim_jobs to servicehub_app;
alter function claim_jobs owner to servicehub_lookup;
