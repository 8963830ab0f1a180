-- Why a schedule sent nothing to anybody, when its report couldn't be made; null once one was sent.
alter table saved_reports add column not_sent text;

-- Those that are furthest come first: new changes don't wait for what others have to make of years.
drop function tenants_to_count();
create function tenants_to_count() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select t.id from public.tenants t left join public.report_progress p on p.tenant_id = t.id
  where (select public.require_system()) and (p.rebuilt_to is not null
    or exists (select 1 from public.tickets k where k.tenant_id = t.id
      and (k.changed_at, k.id) > (coalesce(p.changed_at, '-infinity'),
        coalesce(p.last_id, '00000000-0000-0000-0000-000000000000'))))
  order by p.changed_at desc nulls last
$$;
grant execute on function tenants_to_count to servicehub_app;
alter function tenants_to_count owner to servicehub_lookup;
