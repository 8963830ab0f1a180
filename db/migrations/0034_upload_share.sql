-- Uploads that nothing uses are gone after an hour, wherever they are.

create policy lookup on attachments for select to servicehub_lookup using (true);
grant select (tenant_id, ticket_id, deleted_at, created_at) on attachments to servicehub_lookup;
create function tenants_with_expired_uploads() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select t.id from public.tenants t
  where exists (select 1 from public.attachments a where a.tenant_id = t.id and a.ticket_id is null
    and a.deleted_at is null and a.created_at < now() - interval '1 hour')
$$;
grant execute on function tenants_with_expired_uploads to servicehub_app;
alter function tenants_with_expired_uploads owner to servicehub_lookup;

create index attachments_by_uploader on attachments (tenant_id, uploader_id) include (size) where deleted_at is null;
