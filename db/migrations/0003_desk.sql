-- Queues with their members, and the category tree.

create table queues (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  name text not null check (length(name) between 1 and 120),
  name_key text not null generated always as (lower(name)) stored,
  description text not null default '' check (length(description) <= 2000),
  archived_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name_key)
);
select protect_table('queues', 'select, insert, update');

create table queue_members (
  tenant_id uuid not null,
  queue_id uuid not null,
  user_id uuid not null,
  primary key (tenant_id, queue_id, user_id),
  foreign key (tenant_id, queue_id) references queues (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create index queue_members_by_user on queue_members (tenant_id, user_id, queue_id);
select protect_table('queue_members', 'select, insert, delete');

create table categories (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  parent_id uuid,
  name text not null check (length(name) between 1 and 120),
  name_key text not null generated always as (lower(name)) stored,
  queue_id uuid,
  archived_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  unique nulls not distinct (tenant_id, parent_id, name_key),
  foreign key (tenant_id, parent_id) references categories (tenant_id, id),
  foreign key (tenant_id, queue_id) references queues (tenant_id, id)
);
select protect_table('categories', 'select, insert, update');

-- Opens a tenant's transaction for a signed-in person. Raises when the session or the user is not active, so that
-- statements sent behind it fail too. A null secret is for callers whose signed token names the session.
create function enter(tenant uuid, session uuid, secret bytea) returns table (
  tenant_id uuid, tenant_slug text, tenant_name text, agents_see_all boolean, reopen_days integer,
  auto_close_days integer, tenant_locale text, tenant_time_zone text, at timestamptz, session_id uuid, user_id uuid,
  user_name text, user_email text, role text, locale text, time_zone text, theme text, queue_ids uuid[]
) language plpgsql set search_path = pg_catalog, public as $$
#variable_conflict use_column
declare
  s record;
begin
  perform set_config('app.tenant_id', tenant::text, true), set_config('app.user_id', '', true),
    set_config('app.staff', 'off', true);
  select x.id, x.last_seen_at, u.id as uid, u.role as urole, u.name as uname, u.email as uemail,
      u.locale as ulocale, u.time_zone as uzone, u.theme as utheme
    into s
    from sessions x join users u on u.tenant_id = x.tenant_id and u.id = x.user_id
    where x.tenant_id = tenant and x.id = session and x.ended_at is null and x.expires_at > now()
      and u.deactivated_at is null and (secret is null or x.secret_hash = secret);
  if not found then
    raise exception 'Session is not active' using errcode = 'SH401';
  end if;
  perform set_config('app.user_id', s.uid::text, true);
  if s.urole <> 'REQUESTER' then
    perform set_config('app.staff', 'on', true);
  end if;
  -- Rough on purpose: a write on every request would cost more than the list of sessions is worth.
  if s.last_seen_at < now() - interval '5 minutes' then
    update sessions x set last_seen_at = now() where x.tenant_id = tenant and x.id = session;
  end if;
  return query
    select t.id, t.slug, t.name, t.agents_see_all, t.reopen_days, t.auto_close_days, t.locale, t.time_zone, now(),
      s.id, s.uid, s.uname, s.uemail, s.urole, s.ulocale, s.uzone, s.utheme,
      case when s.urole = 'AGENT' and not t.agents_see_all
        then array(select m.queue_id from queue_members m where m.tenant_id = tenant and m.user_id = s.uid)
        else '{}'::uuid[] end
    from tenants t where t.id = tenant;
end $$;
grant execute on function enter to servicehub_app;
