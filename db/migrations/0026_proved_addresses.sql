-- "Find my organisations" and "forgot password": anyone can register an organisation with somebody's address, so only
-- organisations where its owner has proved it count, and no number of others hides them.
drop function tenants_of_email(text);
grant select (email_verified_at) on users to servicehub_lookup;
create function tenants_of_email(wanted text) returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select u.tenant_id from public.users u
  where u.email_key = lower(wanted) and u.deactivated_at is null and u.email_verified_at is not null
  order by u.tenant_id
$$;
grant execute on function tenants_of_email to servicehub_app;
alter function tenants_of_email owner to servicehub_lookup;
create index users_by_proved_email on users (email_key)
  where email_verified_at is not null and deactivated_at is null;
drop index users_by_email;
