-- Organisations and the two functions that open a tenant's transaction.

-- Nothing is executable unless it is granted.
alter default privileges revoke execute on functions from public;

-- Puts a table under forced row security with the tenant policy, and grants the application what it needs.
create function protect_table(target regclass, privileges text) returns void
language plpgsql set search_path = pg_catalog, public as $$
declare
  own constant text := 'tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)';
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy tenant on %s to servicehub_app using (%s) with check (%s)', target, own, own);
  execute format('grant %s on %s to servicehub_app', privileges, target);
end $$;

-- Hides rows marked internal from everyone but staff, beside the tenant policy: a leak takes two mistakes.
create function hide_internal_rows(target regclass, is_internal text) returns void
language plpgsql set search_path = pg_catalog, public as $$
begin
  execute format(
    'create policy staff_only on %s as restrictive for select to servicehub_app using (not (%s) or (select current_setting(''app.staff'', true) = ''on''))',
    target, is_internal);
end $$;

create table tenants (
  id uuid primary key default uuidv7(),
  slug text not null unique check (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$'),
  name text not null check (length(name) between 1 and 120),
  agents_see_all boolean not null default true,
  reopen_days integer not null default 14 check (reopen_days between 0 and 365),
  auto_close_days integer not null default 5 check (auto_close_days between 0 and 365),
  locale text not null default 'en',
  time_zone text not null default 'UTC',
  created_at timestamptz(3) not null default now()
);
alter table tenants enable row level security;
alter table tenants force row level security;
create policy tenant on tenants to servicehub_app
  using (id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert, update on tenants to servicehub_app;

-- Opens a tenant's transaction for the system itself: jobs, and what happens before anyone is signed in.
create function enter_system(tenant uuid) returns table (
  tenant_id uuid, tenant_slug text, tenant_name text, agents_see_all boolean, reopen_days integer,
  auto_close_days integer, tenant_locale text, tenant_time_zone text, at timestamptz
) language plpgsql set search_path = pg_catalog, public as $$
begin
  perform set_config('app.tenant_id', tenant::text, true), set_config('app.user_id', '', true),
    set_config('app.staff', 'on', true);
  return query select t.id, t.slug, t.name, t.agents_see_all, t.reopen_days, t.auto_close_days, t.locale,
    t.time_zone, now() from tenants t where t.id = tenant;
end $$;

-- What may be asked before a tenant is known. Run as servicehub_lookup, which reads the named columns alone.
create policy lookup on tenants for select to servicehub_lookup using (true);
grant select (id, slug, name) on tenants to servicehub_lookup;

create function find_tenant(wanted_slug text) returns table (id uuid, slug text, name text)
language sql stable security definer set search_path = pg_catalog, public as $$
  select t.id, t.slug, t.name from public.tenants t where t.slug = wanted_slug
$$;

-- The only organisation of the installation, or none when there are several; `total` counts to two.
create function sole_tenant() returns table (total bigint, id uuid, slug text, name text)
language sql stable security definer set search_path = pg_catalog, public as $$
  with few as (select t.id, t.slug, t.name from public.tenants t limit 2)
  select count(*), (array_agg(s.id))[1], (array_agg(s.slug))[1], (array_agg(s.name))[1] from few s
$$;
grant execute on function enter_system, find_tenant, sole_tenant to servicehub_app;
alter function find_tenant owner to servicehub_lookup;
alter function sole_tenant owner to servicehub_lookup;
