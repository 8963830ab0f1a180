-- Service levels: calendars and policies in immutable versions, the ledger of each ticket, and its clocks.

create table calendars (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  name text not null check (length(name) between 1 and 120),
  name_key text not null generated always as (lower(name)) stored,
  archived_at timestamptz(3),
  -- Names the row of calendar_versions that holds.
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name_key)
);
select protect_table('calendars', 'select, insert, update');

create table calendar_versions (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  calendar_id uuid not null,
  version integer not null,
  name text not null,
  -- { timeZone, week: { monday: [{ from, to }], … }, holidays: [{ date, name }] }
  definition jsonb not null,
  created_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, calendar_id, version),
  foreign key (tenant_id, calendar_id) references calendars (tenant_id, id)
);
select protect_table('calendar_versions', 'select, insert');

create table sla_policies (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  name text not null check (length(name) between 1 and 120),
  name_key text not null generated always as (lower(name)) stored,
  -- Which tickets it is for; null is any.
  category_id uuid,
  queue_id uuid,
  ticket_type text check (ticket_type in ('incident', 'service_request')),
  calendar_id uuid not null,
  archived_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name_key),
  foreign key (tenant_id, category_id) references categories (tenant_id, id),
  foreign key (tenant_id, queue_id) references queues (tenant_id, id),
  foreign key (tenant_id, calendar_id) references calendars (tenant_id, id)
);
-- Two for the same tickets would leave open which of them counts.
create unique index sla_policies_by_tickets on sla_policies (tenant_id, category_id, queue_id, ticket_type)
  nulls not distinct where archived_at is null;
create index sla_policies_by_calendar on sla_policies (tenant_id, calendar_id);
select protect_table('sla_policies', 'select, insert, update');

create table sla_policy_versions (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  policy_id uuid not null,
  version integer not null,
  name text not null,
  category_id uuid,
  queue_id uuid,
  ticket_type text,
  calendar_id uuid not null,
  -- { firstResponse: { low, medium, high, urgent }, resolution: { … } } in business minutes, null for no promise
  targets jsonb not null,
  created_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, policy_id, version),
  foreign key (tenant_id, policy_id) references sla_policies (tenant_id, id)
);
select protect_table('sla_policy_versions', 'select, insert');

-- What happened to a ticket's clocks. Rows are only added; each says what holds from then on.
create table sla_ledger (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  ticket_id uuid not null,
  -- Counts up within a ticket: the order of what happened at the same time.
  position integer not null,
  at timestamptz(3) not null,
  kind text not null check (kind in
    ('start', 'pause', 'resume', 'met', 'stop', 'reopen', 'policy', 'calendar', 'priority', 'handoff', 'breach')),
  metric text check (metric in ('firstResponse', 'resolution')),
  actor_id uuid,
  rule text not null,
  priority text not null,
  queue_id uuid,
  policy_version_id uuid not null,
  calendar_version_id uuid not null,
  primary key (tenant_id, id),
  unique (tenant_id, ticket_id, position),
  foreign key (tenant_id, ticket_id) references tickets (tenant_id, id),
  foreign key (tenant_id, actor_id) references users (tenant_id, id),
  foreign key (tenant_id, queue_id) references queues (tenant_id, id),
  foreign key (tenant_id, policy_version_id) references sla_policy_versions (tenant_id, id),
  foreign key (tenant_id, calendar_version_id) references calendar_versions (tenant_id, id)
);
select protect_table('sla_ledger', 'select, insert');

-- What the ledger of a ticket comes to, as of its last row: lists and the evaluator read this, never the ledger.
create table sla_clocks (
  tenant_id uuid not null,
  ticket_id uuid not null,
  metric text not null check (metric in ('firstResponse', 'resolution')),
  phase text not null check (phase in ('running', 'paused', 'met', 'stopped')),
  started_at timestamptz(3) not null,
  target_minutes integer,
  -- Business time counted up to `counted_at`, in milliseconds.
  elapsed_ms bigint not null,
  counted_at timestamptz(3) not null,
  -- When 75, 90 and 100 percent of the target were reached, or will be if nothing happens.
  warn_at timestamptz(3),
  late_warn_at timestamptz(3),
  due_at timestamptz(3),
  -- The first breach, whatever the target is by now.
  breached_at timestamptz(3),
  -- When it was met or stopped.
  ended_at timestamptz(3),
  policy_version_id uuid not null,
  calendar_version_id uuid not null,
  -- The highest threshold that was announced, in percent of the target.
  announced smallint not null default 0 check (announced in (0, 75, 90, 100)),
  -- When there is something to announce; an evaluator claims by it, with the ticket's row locked first.
  next_at timestamptz(3) generated always as (case
    when announced = 100 then null
    when breached_at is not null then breached_at
    when phase not in ('running', 'paused') then null
    when announced < 75 then warn_at
    when announced < 90 then late_warn_at
    else due_at end) stored,
  primary key (tenant_id, ticket_id, metric),
  foreign key (tenant_id, ticket_id) references tickets (tenant_id, id),
  foreign key (tenant_id, policy_version_id) references sla_policy_versions (tenant_id, id),
  foreign key (tenant_id, calendar_version_id) references calendar_versions (tenant_id, id)
);
create index sla_clocks_next on sla_clocks (next_at) where next_at is not null;
-- Open tickets by the version they are counted by, for when a new one is to hold for them as well.
create index sla_clocks_by_policy on sla_clocks (tenant_id, policy_version_id, ticket_id) where phase in ('running', 'paused');
create index sla_clocks_by_calendar on sla_clocks (tenant_id, calendar_version_id, ticket_id) where phase in ('running', 'paused');
select protect_table('sla_clocks', 'select, insert, update');

-- Copies of the clocks for lists. `sla_due_at` is when the next clock that runs is due, or was: what isn't due is at the
-- end of time. `sla_warn_at` is when three quarters of a target are used up. `sla_breach_at` is the first breach, or else
-- when one comes if nothing happens: the ticket has been in breach when that is past.
alter table tickets
  add column sla_due_at timestamptz(3),
  add column sla_warn_at timestamptz(3),
  add column sla_breach_at timestamptz(3),
  add column sla_due_key timestamptz(3) not null
    generated always as (coalesce(sla_due_at, timestamptz '9999-12-31 00:00+00')) stored;
create index tickets_by_status_due on tickets (tenant_id, status, sla_due_key, id, sla_warn_at);
create index tickets_by_assignee_due on tickets (tenant_id, assignee_key, status, sla_due_key, id);
create index tickets_by_queue_due on tickets (tenant_id, queue_key, status, sla_due_key, id);
create index tickets_by_breach on tickets (tenant_id, status, sla_breach_at, id) where sla_breach_at is not null;

-- What is copied from a ticket doesn't change with its clocks.
drop trigger keep_copies on tickets;
create trigger keep_copies after insert or update of status, queue_id, updated_at on tickets
  for each row execute function keep_ticket_copies();

-- A new version of a policy or calendar on its way to the open tickets that the old ones count.
create table sla_rollouts (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  policy_id uuid,
  calendar_id uuid,
  actor_id uuid not null,
  created_at timestamptz(3) not null default now(),
  done_at timestamptz(3),
  primary key (tenant_id, id),
  foreign key (tenant_id, policy_id) references sla_policies (tenant_id, id),
  foreign key (tenant_id, calendar_id) references calendars (tenant_id, id),
  foreign key (tenant_id, actor_id) references users (tenant_id, id),
  check ((policy_id is null) <> (calendar_id is null))
);
create index sla_rollouts_open on sla_rollouts (tenant_id, id) where done_at is null;
select protect_table('sla_rollouts', 'select, insert, update');

create policy lookup on sla_rollouts for select to servicehub_lookup using (true);
grant select (tenant_id, done_at) on sla_rollouts to servicehub_lookup;
create function tenants_with_sla_rollouts() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public as $$
  select distinct r.tenant_id from public.sla_rollouts r where r.done_at is null
$$;
grant execute on function tenants_with_sla_rollouts to servicehub_app;
alter function tenants_with_sla_rollouts owner to servicehub_lookup;
