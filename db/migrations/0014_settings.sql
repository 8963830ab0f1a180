-- What an organisation sets for itself, and an audit log that shows what was done to it.

alter table tenants add column comment_edit_minutes integer not null default 15
  check (comment_edit_minutes between 0 and 10080);
alter table tenants add column version integer not null default 1;
alter table tenants add column updated_at timestamptz(3) not null default now();

-- Both give a request its organisation's settings: read anew in every transaction.
drop function enter_system(uuid);
create function enter_system(tenant uuid) returns table (
  tenant_id uuid, tenant_slug text, tenant_name text, agents_see_all boolean, reopen_days integer,
  auto_close_days integer, tenant_locale text, tenant_time_zone text, comment_edit_minutes integer, at timestamptz
) language plpgsql set search_path = pg_catalog, public as $$
begin
  perform set_config('app.tenant_id', tenant::text, true), set_config('app.user_id', '', true),
    set_config('app.staff', 'on', true);
  return query select t.id, t.slug, t.name, t.agents_see_all, t.reopen_days, t.auto_close_days, t.locale,
    t.time_zone, t.comment_edit_minutes, now() from tenants t where t.id = tenant;
end $$;

drop function enter(uuid, uuid, bytea);
create function enter(tenant uuid, session uuid, secret bytea) returns table (
  tenant_id uuid, tenant_slug text, tenant_name text, agents_see_all boolean, reopen_days integer,
  auto_close_days integer, tenant_locale text, tenant_time_zone text, comment_edit_minutes integer, at timestamptz,
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
      t.comment_edit_minutes, now(),
      s.id, s.uid, s.uname, s.uemail, s.urole, s.ulocale, s.uzone, s.utheme,
      case when s.urole = 'AGENT' and not t.agents_see_all
        then array(select m.queue_id from queue_members m where m.tenant_id = tenant and m.user_id = s.uid)
        else '{}'::uuid[] end
    from tenants t where t.id = tenant;
end $$;
grant execute on function enter, enter_system to servicehub_app;

-- A keyed signature of the row's content, made by the application: whoever changes a row past it can't make another.
alter table audit_log add column mac text not null default '';
create index audit_log_by_actor on audit_log (tenant_id, actor_id, at, id);
create index audit_log_by_kind on audit_log (tenant_id, entity, at, id);
create index audit_log_by_action on audit_log (tenant_id, action, at, id);

-- Which rows there were: each seal names the rows since the one before and is signed together with it, so that a row
-- that is gone is missed. Writers never wait for it: a job makes seals of what is minutes old.
create table audit_seals (
  tenant_id uuid not null references tenants (id),
  number integer not null,
  ids uuid[] not null,
  -- When the latest row it names was made, which its id tells: what is taken in from elsewhere happened long before.
  upto timestamptz(3) not null,
  mac text not null,
  created_at timestamptz(3) not null default now(),
  primary key (tenant_id, number)
);
select protect_table('audit_seals', 'select, insert');

create policy lookup on audit_log for select to servicehub_lookup using (true);
create policy lookup on audit_seals for select to servicehub_lookup using (true);
grant select (tenant_id, id) on audit_log to servicehub_lookup;
grant select (tenant_id, number, upto) on audit_seals to servicehub_lookup;
create function least_uuid7(at timestamptz) returns uuid immutable strict
language sql set search_path = pg_catalog as $$
  select (lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;
grant execute on function least_uuid7 to servicehub_app, servicehub_lookup;
create function tenants_to_seal() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public as $$
  select t.id from public.tenants t
  where exists (select 1 from public.audit_log a where a.tenant_id = t.id
    and a.id < public.least_uuid7(now() - interval '1 minute')
    and a.id >= coalesce(public.least_uuid7((select s.upto from public.audit_seals s where s.tenant_id = t.id
      order by s.number desc limit 1) + interval '1 millisecond'), '00000000-0000-0000-0000-000000000000'))
$$;
grant execute on function tenants_to_seal to servicehub_app;
alter function tenants_to_seal owner to servicehub_lookup;
