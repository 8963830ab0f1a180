-- What reports count: facts of each ticket, made of its row, its audit log, its ledger and its answers, and made again
-- after it changes (tickets.changed_at). Nothing here is a source; all of it can be rebuilt. Merged tickets have none.
-- Without foreign keys: tickets are never deleted, and each row would look one up, and lock it.

create table report_tickets (
  tenant_id uuid not null,
  -- The ticket's.
  id uuid not null,
  created_at timestamptz(3) not null,
  -- As they are now.
  status text not null,
  type text not null,
  source text not null,
  priority text not null,
  category_id uuid,
  queue_key uuid not null,
  assignee_key uuid not null,
  item_id uuid,
  policy_id uuid,
  -- How many queues it has been in; one that it came back to counts again.
  queues integer not null,
  -- The first public answer of staff, and who gave it. Business time is null without a clock.
  replied_at timestamptz(3),
  replied_by uuid,
  reply_business_ms bigint,
  -- The resolution that stands, and its assignee, or who resolved it when nobody was assigned.
  resolved_at timestamptz(3),
  resolved_by uuid,
  resolve_business_ms bigint,
  -- The last time that it was reopened.
  reopened_at timestamptz(3),
  -- The clocks. Over is when one was met, breached or stopped, whichever came first; of one that runs when it will be
  -- breached, infinity when that can't be known. The outcome of one that runs is null, and a breach once that is past.
  reply_started_at timestamptz(3),
  reply_over_at timestamptz(3),
  reply_outcome text check (reply_outcome in ('met', 'breached', 'stopped')),
  resolve_started_at timestamptz(3),
  resolve_over_at timestamptz(3),
  resolve_outcome text check (resolve_outcome in ('met', 'breached', 'stopped')),
  score smallint,
  primary key (tenant_id, id)
);
create index report_tickets_by_created on report_tickets (tenant_id, created_at);
-- Clocks start as tickets are created, in the order of the rows: a small index finds the pages of a period.
create index report_tickets_by_start on report_tickets using brin (tenant_id, reply_started_at, resolve_started_at)
  with (autosummarize = on);
create index report_tickets_by_replied on report_tickets (tenant_id, replied_at) where replied_at is not null;
create index report_tickets_by_resolved on report_tickets (tenant_id, resolved_at) where resolved_at is not null;
create index report_tickets_by_reopened on report_tickets (tenant_id, reopened_at) where reopened_at is not null;
create index report_tickets_by_reply_over on report_tickets (tenant_id, reply_over_at) where reply_over_at is not null;
create index report_tickets_by_resolve_over on report_tickets (tenant_id, resolve_over_at) where resolve_over_at is not null;
select protect_table('report_tickets', 'select, insert, update, delete');
select hide_internal_rows('report_tickets', 'true');

-- The times in which a ticket was active (new, open, in progress or pending), once cut by its status, once by the queue
-- that held it, once by its assignee. `to_at` is infinity while it lasts. Nobody and no queue are the id of zeros; a time
-- without an assignee has no row.
create table report_stays (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('status', 'queue', 'agent')),
  position integer not null,
  status text,
  holder uuid,
  from_at timestamptz(3) not null,
  to_at timestamptz(3) not null,
  -- How it began and ended: moved is from or to another of the kind.
  began text not null check (began in ('created', 'moved', 'reopened')),
  ended text check (ended in ('moved', 'resolved', 'cancelled', 'closed')),
  -- Of the ticket, for its age.
  created_at timestamptz(3) not null,
  primary key (tenant_id, id, kind, position),
  check ((kind = 'status') = (status is not null)),
  check ((kind <> 'status') = (holder is not null)),
  check (from_at <= to_at)
);
-- With what most reports ask of a stay, so that they read nothing else.
create index report_stays_by_from on report_stays (tenant_id, kind, from_at) include (status, holder, began, id);
create index report_stays_by_to on report_stays (tenant_id, kind, to_at) include (status, holder, from_at, created_at, id);
select protect_table('report_stays', 'select, insert, update, delete');
select hide_internal_rows('report_stays', 'true');

-- What agents did: public replies and resolutions. `undone` is set once a ticket was reopened after a resolution.
create table report_acts (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('reply', 'resolution')),
  position integer not null,
  at timestamptz(3) not null,
  agent_key uuid not null,
  undone boolean not null default false,
  primary key (tenant_id, id, kind, position)
);
create index report_acts_by_time on report_acts (tenant_id, kind, at) include (agent_key, undone, id);
select protect_table('report_acts', 'select, insert, update, delete');
select hide_internal_rows('report_acts', 'true');

-- Of a clock that is or will be breached, the business time up to then by who held the ticket. They add up to what was
-- used of the target. `over_at` is the breach.
create table report_breaches (
  tenant_id uuid not null,
  id uuid not null,
  metric text not null check (metric in ('firstResponse', 'resolution')),
  position integer not null,
  over_at timestamptz(3) not null,
  queue_key uuid not null,
  agent_key uuid not null,
  business_ms bigint not null,
  primary key (tenant_id, id, metric, position)
);
create index report_breaches_by_time on report_breaches (tenant_id, over_at);
select protect_table('report_breaches', 'select, insert, update, delete');
select hide_internal_rows('report_breaches', 'true');

-- Up to which change the facts of an organisation's tickets are made. Tickets are taken in the order
-- of their change and id, so that a batch may end among those of one time.
create table report_progress (
  tenant_id uuid primary key references tenants (id),
  changed_at timestamptz(3) not null default '-infinity',
  last_id uuid not null default '00000000-0000-0000-0000-000000000000',
  -- When the facts were last compared with what they are made of, and how many tickets differed.
  compared_at timestamptz(3),
  differences integer not null default 0,
  -- While all facts are made anew: the last ticket, by id, whose are.
  rebuilt_to uuid
);
select protect_table('report_progress', 'select, insert, update');

-- Whoever makes facts takes it for the transaction.
create function facts_lock(tenant uuid) returns bigint
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select hashtextextended('facts of ' || tenant, 0)
$$;

create function tenants_to_count() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select t.id from public.tenants t left join public.report_progress p on p.tenant_id = t.id
  where (select public.require_system()) and (p.rebuilt_to is not null
    or exists (select 1 from public.tickets k where k.tenant_id = t.id
      and (k.changed_at, k.id) > (coalesce(p.changed_at, '-infinity'),
        coalesce(p.last_id, '00000000-0000-0000-0000-000000000000'))))
$$;
create policy lookup on report_progress for select to servicehub_lookup using (true);
grant select (tenant_id, changed_at, last_id, rebuilt_to) on report_progress to servicehub_lookup;
grant select (id, changed_at) on tickets to servicehub_lookup;
grant execute on function facts_lock, tenants_to_count to servicehub_app;
alter function tenants_to_count owner to servicehub_lookup;
