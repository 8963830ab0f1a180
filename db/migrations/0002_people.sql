-- Users, their sessions, and the links that are sent to them.

create table users (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  email text not null check (length(email) between 3 and 254),
  email_key text not null generated always as (lower(email)) stored,
  name text not null check (length(name) between 1 and 120),
  name_key text not null generated always as (lower(name)) stored,
  role text not null check (role in ('REQUESTER', 'AGENT', 'MANAGER', 'ADMIN')),
  password_hash text not null,
  email_verified_at timestamptz(3),
  locale text not null default 'en',
  time_zone text not null default 'UTC',
  theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
  preferences jsonb not null default '{}',
  deactivated_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, email_key)
);
create index users_by_name on users (tenant_id, name_key, id);
select protect_table('users', 'select, insert, update');

create table sessions (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  user_id uuid not null,
  secret_hash bytea not null,
  user_agent text not null default '',
  ip text not null default '',
  created_at timestamptz(3) not null default now(),
  last_seen_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  ended_at timestamptz(3),
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create index sessions_by_user on sessions (tenant_id, user_id, ended_at);
select protect_table('sessions', 'select, insert, update, delete');

-- Each refresh token of a session. The token itself is derived from the id and the secret key, so no copy of it is kept.
create table refresh_tokens (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  session_id uuid not null,
  created_at timestamptz(3) not null default now(),
  rotated_at timestamptz(3),
  successor_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, session_id) references sessions (tenant_id, id) on delete cascade
);
create index refresh_tokens_by_session on refresh_tokens (tenant_id, session_id);
select protect_table('refresh_tokens', 'select, insert, update, delete');

create table password_resets (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  user_id uuid not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  used_at timestamptz(3),
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create index password_resets_by_user on password_resets (tenant_id, user_id, created_at);
select protect_table('password_resets', 'select, insert, update, delete');

create table invitations (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  email text not null check (length(email) between 3 and 254),
  email_key text not null generated always as (lower(email)) stored,
  name text not null default '',
  role text not null check (role in ('REQUESTER', 'AGENT', 'MANAGER', 'ADMIN')),
  queue_ids uuid[] not null default '{}',
  invited_by uuid not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  accepted_at timestamptz(3),
  revoked_at timestamptz(3),
  primary key (tenant_id, id),
  foreign key (tenant_id, invited_by) references users (tenant_id, id)
);
create index invitations_by_email on invitations (tenant_id, email_key, created_at);
create index invitations_by_time on invitations (tenant_id, created_at, id);
select protect_table('invitations', 'select, insert, update');

-- "Find my organisations": which tenants have an active user of this address.
create policy lookup on users for select to servicehub_lookup using (true);
grant select (tenant_id, email_key, deactivated_at) on users to servicehub_lookup;
create function tenants_of_email(wanted text) returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public as $$
  select u.tenant_id from public.users u where u.email_key = lower(wanted) and u.deactivated_at is null limit 20
$$;
grant execute on function tenants_of_email to servicehub_app;
alter function tenants_of_email owner to servicehub_lookup;
create index users_by_email on users (email_key);
