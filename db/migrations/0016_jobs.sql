-- The job table: what is to be done, by whom and when. A job has the id of the row that it is about.

create table jobs (
  tenant_id uuid not null references tenants (id),
  id uuid not null,
  kind text not null check (length(kind) between 1 and 40),
  -- Of the jobs that share one, only the oldest unfinished may run.
  order_key text check (length(order_key) <= 500),
  -- While the job is there, no other with the same key is made.
  dedup_key text check (length(dedup_key) <= 500),
  state text not null default 'ready' check (state in ('ready', 'running', 'done', 'dead')),
  -- When it is due; of a running job, when its lease ends.
  run_at timestamptz(3) not null default now(),
  -- Attempts that were begun, without those whose worker vanished; these are counted in `lost`.
  attempts integer not null default 0,
  max_attempts integer not null default 9,
  lost integer not null default 0,
  -- Fences off a worker that took longer than its lease.
  lease integer not null default 0,
  last_error text,
  created_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  primary key (tenant_id, id)
);
create index jobs_due on jobs (kind, tenant_id, run_at, id) where state in ('ready', 'running');
create index jobs_in_order on jobs (tenant_id, order_key, id)
  where state in ('ready', 'running') and order_key is not null;
create index jobs_suspected on jobs (kind, run_at) where state = 'running' and lost >= 2;
create index jobs_by_state on jobs (tenant_id, state, id);
create unique index jobs_once on jobs (tenant_id, dedup_key) where dedup_key is not null;
select protect_table('jobs', 'select, insert, update, delete');

-- The outbox is the record of what is sent; when and how often it was tried is its job's to know.
drop function claim_outbox(integer, interval);
drop function next_outbox_run();
drop policy lookup on outbox;
drop policy claim on outbox;
revoke select (tenant_id, id, state, run_at, lease, attempts), update (run_at, lease, attempts)
  on outbox from servicehub_lookup;
alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check (kind in ('email', 'webhook'));
alter table outbox add column order_key text;

-- Mails of one ticket reach a person in the order in which they were written.
create function order_of_message(kind text, recipient text, payload jsonb) returns text
language sql immutable set search_path = pg_catalog, public as $$
  select case when kind = 'email' then 'mail:' || lower(recipient) || ':' || (payload ->> 'ticketId') end
$$;
create function plan_messages() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
  insert into jobs (tenant_id, id, kind, order_key)
  select m.tenant_id, m.id, m.kind, coalesce(m.order_key, order_of_message(m.kind, m.recipient, m.payload))
  from made m;
  return null;
end $$;
grant execute on function order_of_message, plan_messages to servicehub_app;
create trigger plan_messages after insert on outbox
  referencing new table as made for each statement execute function plan_messages();

create policy moving on outbox for select to servicehub_owner using (true);
create policy moving on jobs for insert to servicehub_owner with check (true);
insert into jobs (tenant_id, id, kind, order_key, state, run_at, attempts, lease, last_error, created_at, finished_at)
  select tenant_id, id, kind, order_of_message(kind, recipient, payload), state, run_at, attempts, lease, last_error,
    created_at, finished_at
  from outbox;
drop policy moving on outbox;
drop policy moving on jobs;
drop index outbox_due;
alter table outbox drop column state, drop column attempts, drop column run_at, drop column lease,
  drop column last_error, drop column finished_at;

grant select (tenant_id, id, kind, order_key, state, run_at, attempts, max_attempts, lost, lease),
  update (state, run_at, attempts, lost, lease, last_error, finished_at) on jobs to servicehub_lookup;
create policy lookup on jobs for select to servicehub_lookup using (true);
create policy claim on jobs for update to servicehub_lookup using (true) with check (true);

-- Each tenant's earliest time of a kind: a step of the index per tenant, however many jobs wait.
create function job_queues(wanted text) returns table (tenant_id uuid, run_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public as $$
  with recursive queue (tenant_id, run_at) as (
    (select j.tenant_id, j.run_at from public.jobs j where j.kind = wanted and j.state in ('ready', 'running')
      order by j.tenant_id, j.run_at limit 1)
    union all
    select n.tenant_id, n.run_at from queue q cross join lateral (
      select j.tenant_id, j.run_at from public.jobs j
      where j.kind = wanted and j.state in ('ready', 'running') and j.tenant_id > q.tenant_id
      order by j.tenant_id, j.run_at limit 1) n
  )
  select q.tenant_id, q.run_at from queue q
$$;
create function next_job_run(wanted text) returns timestamptz
language sql stable security definer set search_path = pg_catalog, public as $$
  select min(q.run_at) from public.job_queues(wanted) q
$$;

-- Leases up to `most` due jobs of a kind for `hold`, evenly of the tenants, of each no more than `room` less what the
-- worker has of it already (`held` of `busy`), and never one whose elder of the same order key is unfinished: that one
-- waits for it. A job that two workers vanished with comes alone, so that it takes no other along; with the tenth it is
-- dead.
create function claim_jobs(wanted text, most integer, hold interval, room integer, busy uuid[], held integer[])
returns table (tenant_id uuid, id uuid, kind text, lease integer, attempts integer, max_attempts integer, lost integer)
language plpgsql volatile security definer set search_path = pg_catalog, public as $$
#variable_conflict use_column
begin
  update jobs j set state = 'dead', finished_at = now(), lost = j.lost + 1,
    last_error = 'Given up: the process that ran it ended each time'
  where (j.tenant_id, j.id) in (select s.tenant_id, s.id from jobs s
    where s.kind = wanted and s.state = 'running' and s.lost >= 9 and s.run_at <= now() for update skip locked);
  return query update jobs j set run_at = now() + hold, lease = j.lease + 1, lost = j.lost + 1
    where (j.tenant_id, j.id) in (select s.tenant_id, s.id from jobs s
      where s.kind = wanted and s.state = 'running' and s.lost >= 2 and s.run_at <= now()
      order by s.run_at limit 1 for update skip locked)
    returning j.tenant_id, j.id, j.kind, j.lease, j.attempts, j.max_attempts, j.lost;
  if found then return; end if;
  return query
  with open as (
    select q.tenant_id, room - coalesce(b.held, 0) as room from job_queues(wanted) q
      left join unnest(busy, held) as b (tenant_id, held) on b.tenant_id = q.tenant_id
    where q.run_at <= now() and room > coalesce(b.held, 0) order by random() limit most
  ), share as (
    select ceil(most / greatest(count(*), 1)::float8)::integer as each from open
  ), picked as materialized (
    select p.* from open cross join share cross join lateral (
      select j.tenant_id, j.id, j.order_key, j.state from jobs j
      where j.kind = wanted and j.tenant_id = open.tenant_id and j.state in ('ready', 'running') and j.run_at <= now()
        and j.lost < 2
      order by j.run_at, j.id limit least(share.each, open.room) for update skip locked) p
    limit most
  ), judged as materialized (
    select p.*, e.state as elder, e.run_at as elder_at from picked p left join lateral (
      select o.state, o.run_at from jobs o
      where o.tenant_id = p.tenant_id and o.order_key = p.order_key and o.id < p.id and o.state in ('ready', 'running')
      order by o.id limit 1) e on true
  ), parked as (
    -- Woken when the elder one is finished; the second is for when that is lost.
    update jobs j set run_at = case when g.elder = 'ready'
      then greatest(g.elder_at, now() + interval '1 second') else now() + interval '1 second' end
    from judged g where g.elder is not null and j.tenant_id = g.tenant_id and j.id = g.id
  )
  update jobs j set state = 'running', run_at = now() + hold, lease = j.lease + 1,
    attempts = j.attempts + (g.state = 'ready')::integer, lost = j.lost + (g.state = 'running')::integer
  from judged g where g.elder is null and j.tenant_id = g.tenant_id and j.id = g.id
  returning j.tenant_id, j.id, j.kind, j.lease, j.attempts, j.max_attempts, j.lost;
end $$;

-- Writes down what became of jobs, each only if its lease still holds, and lets the next of its order key go on.
-- `freed` tells whether any next one is due now. `ready` is to be tried again after `wait` seconds; `back` is given back untried.
create function settle_jobs(tenants uuid[], ids uuid[], leases integer[], outcomes text[], waits float8[], notes text[])
returns table (tenant_id uuid, id uuid, freed boolean)
language sql volatile security definer set search_path = pg_catalog, public as $$
  with outcome as (
    select * from unnest(tenants, ids, leases, outcomes, waits, notes) as o (tenant_id, id, lease, state, wait, note)
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
grant execute on function job_queues, next_job_run, claim_jobs, settle_jobs to servicehub_app;
grant execute on function job_queues to servicehub_lookup;
alter function job_queues owner to servicehub_lookup;
alter function next_job_run owner to servicehub_lookup;
alter function claim_jobs owner to servicehub_lookup;
alter function settle_jobs owner to servicehub_lookup;
