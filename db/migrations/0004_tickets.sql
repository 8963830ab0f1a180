-- Tickets, who takes part in them, what is said in them, and the counts kept of them.

create table ticket_counters (
  tenant_id uuid primary key references tenants (id),
  last bigint not null default 1000
);
select protect_table('ticket_counters', 'select, insert, update');

create table tickets (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  number bigint not null,
  type text not null check (type in ('incident', 'service_request')),
  title text not null check (length(title) between 1 and 200),
  description text not null check (octet_length(description) <= 65536),
  status text not null check (status in ('new', 'open', 'in_progress', 'pending', 'resolved', 'closed', 'cancelled')),
  pending_reason text check (pending_reason in ('requester', 'vendor', 'scheduled')),
  pending_until timestamptz(3),
  impact text not null check (impact in ('low', 'medium', 'high')),
  urgency text not null check (urgency in ('low', 'medium', 'high')),
  priority text not null check (priority in ('low', 'medium', 'high', 'urgent')),
  category_id uuid,
  queue_id uuid,
  requester_id uuid not null,
  assignee_id uuid,
  -- "Nobody" and "no queue" as values: IS NULL would cost a list its order from the index.
  assignee_key uuid not null generated always as (coalesce(assignee_id, '00000000-0000-0000-0000-000000000000')) stored,
  queue_key uuid not null generated always as (coalesce(queue_id, '00000000-0000-0000-0000-000000000000')) stored,
  source text not null check (source in ('web', 'api', 'email')),
  resolution_note text,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  resolved_at timestamptz(3),
  closed_at timestamptz(3),
  primary key (tenant_id, id),
  unique (tenant_id, number),
  foreign key (tenant_id, category_id) references categories (tenant_id, id),
  foreign key (tenant_id, queue_id) references queues (tenant_id, id),
  foreign key (tenant_id, requester_id) references users (tenant_id, id),
  foreign key (tenant_id, assignee_id) references users (tenant_id, id),
  check ((status = 'pending') = (pending_reason is not null)),
  check (coalesce(pending_reason = 'scheduled', false) = (pending_until is not null))
);
create index tickets_by_created on tickets (tenant_id, created_at, id);
create index tickets_by_updated on tickets (tenant_id, updated_at, id);
create index tickets_by_status_created on tickets (tenant_id, status, created_at, id);
create index tickets_by_status_updated on tickets (tenant_id, status, updated_at, id);
create index tickets_by_assignee_created on tickets (tenant_id, assignee_key, status, created_at, id);
create index tickets_by_assignee_updated on tickets (tenant_id, assignee_key, status, updated_at, id);
create index tickets_by_queue_created on tickets (tenant_id, queue_key, status, created_at, id);
create index tickets_by_queue_updated on tickets (tenant_id, queue_key, status, updated_at, id);
select protect_table('tickets', 'select, insert, update');

create table ticket_tags (
  tenant_id uuid not null,
  ticket_id uuid not null,
  tag text not null check (length(tag) between 1 and 40),
  primary key (tenant_id, ticket_id, tag),
  foreign key (tenant_id, ticket_id) references tickets (tenant_id, id)
);
create index ticket_tags_by_tag on ticket_tags (tenant_id, tag, ticket_id);
select protect_table('ticket_tags', 'select, insert, delete');

-- Requester and watchers. Carries the ticket's status and times so that "mine" is one index range, never an OR.
create table ticket_participants (
  tenant_id uuid not null,
  ticket_id uuid not null,
  user_id uuid not null,
  kind text not null check (kind in ('requester', 'watcher')),
  status text not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  primary key (tenant_id, ticket_id, user_id),
  foreign key (tenant_id, ticket_id) references tickets (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create index ticket_participants_by_created on ticket_participants (tenant_id, user_id, created_at, ticket_id);
create index ticket_participants_by_updated on ticket_participants (tenant_id, user_id, updated_at, ticket_id);
select protect_table('ticket_participants', 'select, insert, update, delete');

create table comments (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  ticket_id uuid not null,
  author_id uuid not null,
  visibility text not null check (visibility in ('public', 'internal')),
  body text not null check (octet_length(body) between 1 and 65536),
  created_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, ticket_id) references tickets (tenant_id, id),
  foreign key (tenant_id, author_id) references users (tenant_id, id)
);
create index comments_by_ticket on comments (tenant_id, ticket_id, created_at, id);
select protect_table('comments', 'select, insert');
select hide_internal_rows('comments', $$visibility = 'internal'$$);

-- How many tickets each queue has in each state: a folded total plus the deltas since, so no row is hot.
create table ticket_counts (
  tenant_id uuid not null references tenants (id),
  queue_key uuid not null,
  status text not null,
  total bigint not null,
  primary key (tenant_id, queue_key, status)
);
select protect_table('ticket_counts', 'select, insert, update');

create table ticket_count_deltas (
  tenant_id uuid not null references tenants (id),
  id bigint generated always as identity,
  queue_key uuid not null,
  status text not null,
  delta integer not null,
  primary key (tenant_id, id)
);
select protect_table('ticket_count_deltas', 'select, insert, delete');

create function keep_ticket_copies() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
  if tg_op = 'INSERT' then
    insert into ticket_count_deltas (tenant_id, queue_key, status, delta)
      values (new.tenant_id, new.queue_key, new.status, 1);
    return null;
  end if;
  if new.queue_key <> old.queue_key or new.status <> old.status then
    insert into ticket_count_deltas (tenant_id, queue_key, status, delta)
      values (old.tenant_id, old.queue_key, old.status, -1), (new.tenant_id, new.queue_key, new.status, 1);
  end if;
  update ticket_participants set status = new.status, updated_at = new.updated_at
    where tenant_id = new.tenant_id and ticket_id = new.id;
  return null;
end $$;
create trigger keep_copies after insert or update on tickets for each row execute function keep_ticket_copies();

create policy lookup on ticket_count_deltas for select to servicehub_lookup using (true);
grant select (tenant_id) on ticket_count_deltas to servicehub_lookup;
create function tenants_with_count_deltas() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public as $$
  select t.id from public.tenants t
  where exists (select 1 from public.ticket_count_deltas d where d.tenant_id = t.id)
$$;
grant execute on function tenants_with_count_deltas to servicehub_app;
alter function tenants_with_count_deltas owner to servicehub_lookup;
