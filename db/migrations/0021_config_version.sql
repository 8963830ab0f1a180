-- What a cached queue, category, calendar or policy belongs to: every change to one of them raises its organisation's
-- version in the same transaction, and a transaction learns the version as it opens.

-- Microseconds, so that a version is never given twice, not even after a restore to an earlier point in time.
alter table tenants add column config_version bigint not null default 1;

-- Before the statement locks rows, so that changes of one organisation's configuration queue up here. A transaction that
-- locks such rows first takes the organisation's row before them, else two could wait for each other.
-- A superuser without a tenant raises every organisation's version. A migration that changes these tables has to lift
-- row security on tenants as well.
create function raise_config_version() returns trigger
language plpgsql set search_path = pg_catalog, public as $$
begin
  update tenants
    set config_version = greatest(config_version + 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint)
    where id = coalesce(nullif(current_setting('app.tenant_id', true), '')::uuid, id);
  return null;
end $$;

create trigger raise_config_version before insert or update or delete on queues
  for each statement execute function raise_config_version();
create trigger raise_config_version before insert or update or delete on categories
  for each statement execute function raise_config_version();
create trigger raise_config_version before insert or update or delete on calendars
  for each statement execute function raise_config_version();
create trigger raise_config_version before insert or update or delete on sla_policies
  for each statement execute function raise_config_version();

drop function enter_system(uuid);
create function enter_system(tenant uuid) returns table (
  tenant_id uuid, tenant_slug text, tenant_name text, agents_see_all boolean, reopen_days integer,
  auto_close_days integer, tenant_locale text, tenant_time_zone text, comment_edit_minutes integer, config_version bigint,
  at timestamptz
) language plpgsql set search_path = pg_catalog, public as $$
begin
  perform set_config('app.tenant_id', tenant::text, true), set_config('app.user_id', '', true),
    set_config('app.staff', 'on', true);
  return query select t.id, t.slug, t.name, t.agents_see_all, t.reopen_days, t.auto_close_days, t.locale,
    t.time_zone, t.comment_edit_minutes, t.config_version, now() from tenants t where t.id = tenant;
end $$;

drop function enter(uuid, uuid, bytea);
create function enter(tenant uuid, session uuid, secret bytea) returns table (
  tenant_id uuid, tenant_slug text, tenant_name text, agents_see_all boolean, reopen_days integer,
  auto_close_days integer, tenant_locale text, tenant_time_zone text, comment_edit_minutes integer, config_version bigint,
  at timestamptz,
  session_id uuid, user_id uuid, user_name text, user_email text, role text, locale text, time_zone text, theme text,
  queue_ids uuid[]
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
    select t.id, t.slug, t.name, t.agents_see_all, t.reopen_days, t.auto_close_days, t.locale, t.time_zone,
      t.comment_edit_minutes, t.config_version, now(),
      s.id, s.uid, s.uname, s.uemail, s.urole, s.ulocale, s.uzone, s.utheme,
      case when s.urole = 'AGENT' and not t.agents_see_all
        then array(select m.queue_id from queue_members m where m.tenant_id = tenant and m.user_id = s.uid)
        else '{}'::uuid[] end
    from tenants t where t.id = tenant;
end $$;

drop function enter_person(uuid, uuid);
create function enter_person(tenant uuid, person uuid) returns table (
  tenant_id uuid, tenant_slug text, tenant_name text, agents_see_all boolean, reopen_days integer,
  auto_close_days integer, tenant_locale text, tenant_time_zone text, comment_edit_minutes integer, config_version bigint,
  at timestamptz,
  session_id uuid, user_id uuid, user_name text, user_email text, role text, locale text, time_zone text, theme text,
  queue_ids uuid[]
) language plpgsql set search_path = pg_catalog, public as $$
#variable_conflict use_column
declare
  p record;
begin
  perform set_config('app.tenant_id', tenant::text, true), set_config('app.user_id', '', true),
    set_config('app.staff', 'off', true);
  select u.* into p from users u where u.tenant_id = tenant and u.id = person and u.deactivated_at is null;
  if not found then
    raise exception 'Person is not active' using errcode = 'SH401';
  end if;
  perform set_config('app.user_id', p.id::text, true);
  if p.role <> 'REQUESTER' then
    perform set_config('app.staff', 'on', true);
  end if;
  return query
    select t.id, t.slug, t.name, t.agents_see_all, t.reopen_days, t.auto_close_days, t.locale, t.time_zone,
      t.comment_edit_minutes, t.config_version, now(),
      null::uuid, p.id, p.name, p.email, p.role, p.locale, p.time_zone, p.theme,
      case when p.role = 'AGENT' and not t.agents_see_all
        then array(select m.queue_id from queue_members m where m.tenant_id = tenant and m.user_id = p.id)
        else '{}'::uuid[] end
    from tenants t where t.id = tenant;
end $$;

grant execute on function enter, enter_system, enter_person to servicehub_app;
