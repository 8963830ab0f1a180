-- What every change leaves behind: the audit row, the event for live readers, the message to send; and repeated requests.

create table audit_log (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  at timestamptz(3) not null default now(),
  actor_id uuid,
  action text not null,
  entity text not null,
  entity_id uuid not null,
  internal boolean not null default false,
  changes jsonb not null default '{}',
  request_id text not null default '',
  ip text not null default '',
  primary key (tenant_id, id),
  foreign key (tenant_id, actor_id) references users (tenant_id, id)
);
create index audit_log_by_entity on audit_log (tenant_id, entity_id, at, id);
create index audit_log_by_time on audit_log (tenant_id, at, id);
select protect_table('audit_log', 'select, insert');
select hide_internal_rows('audit_log', 'internal');

create table events (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  xid xid8 not null default pg_current_xact_id(),
  topic text not null,
  entity text not null,
  entity_id uuid not null,
  version integer,
  internal boolean not null default false,
  requester_id uuid,
  assignee_id uuid,
  queue_id uuid,
  at timestamptz(3) not null default now(),
  primary key (tenant_id, id)
);
create index events_in_order on events (tenant_id, xid, id);
select protect_table('events', 'select, insert');
select hide_internal_rows('events', 'internal');

create table outbox (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  kind text not null default 'email' check (kind in ('email')),
  recipient text not null,
  template text not null,
  payload jsonb not null default '{}',
  state text not null default 'ready' check (state in ('ready', 'done', 'dead')),
  attempts integer not null default 0,
  run_at timestamptz(3) not null default now(),
  lease integer not null default 0,
  last_error text,
  created_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  primary key (tenant_id, id)
);
create index outbox_due on outbox (run_at) where state = 'ready';
select protect_table('outbox', 'select, insert, update');

-- Takes up to `most` due messages for `hold`. The lease number fences off a worker that took longer than that.
grant select (tenant_id, id, state, run_at, lease, attempts), update (run_at, lease, attempts) on outbox to servicehub_lookup;
create policy lookup on outbox for select to servicehub_lookup using (true);
create policy claim on outbox for update to servicehub_lookup using (true) with check (true);
create function claim_outbox(most integer, hold interval)
returns table (tenant_id uuid, id uuid, lease integer, attempts integer)
language sql volatile security definer set search_path = pg_catalog, public as $$
  update public.outbox o set run_at = now() + hold, lease = o.lease + 1, attempts = o.attempts + 1
  from (select d.tenant_id, d.id from public.outbox d where d.state = 'ready' and d.run_at <= now()
        order by d.run_at limit most for update skip locked) due
  where o.tenant_id = due.tenant_id and o.id = due.id
  returning o.tenant_id, o.id, o.lease, o.attempts
$$;
create function next_outbox_run() returns timestamptz
language sql stable security definer set search_path = pg_catalog, public as $$
  select min(o.run_at) from public.outbox o where o.state = 'ready'
$$;
grant execute on function claim_outbox, next_outbox_run to servicehub_app;
alter function claim_outbox owner to servicehub_lookup;
alter function next_outbox_run owner to servicehub_lookup;

create table idempotency_keys (
  tenant_id uuid not null,
  user_id uuid not null,
  route text not null,
  key text not null check (length(key) between 1 and 200),
  body_hash bytea not null,
  status integer,
  headers jsonb,
  body text,
  created_at timestamptz(3) not null default now(),
  primary key (tenant_id, user_id, route, key),
  foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create index idempotency_keys_by_age on idempotency_keys (tenant_id, created_at);
select protect_table('idempotency_keys', 'select, insert, update, delete');

-- The fingerprint of the key that signs tokens: an instance with another key must not serve this database.
create table installation (
  single boolean primary key default true check (single),
  key_fingerprint text not null
);
grant select, insert on installation to servicehub_app;
