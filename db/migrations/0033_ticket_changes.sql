-- When a ticket last changed for staff and for its requester, in a way that whoever copies tickets can follow.

alter table tickets add column changed_at timestamptz(3), add column public_changed_at timestamptz(3);
alter table tickets no force row level security;
update tickets set changed_at = updated_at, public_changed_at = updated_at;
alter table tickets force row level security;
alter table tickets
  alter column changed_at set default now(), alter column changed_at set not null,
  alter column public_changed_at set default now(), alter column public_changed_at set not null;
create index tickets_by_changed on tickets (tenant_id, changed_at, id);

-- The time of a transaction's changes: that of the first one, taken while a lock is held that says so, until the commit.
-- So whoever sees no lock of a time knows that nothing of that time is still to come, which now() can't tell: it is the
-- time at which a transaction began, however late it writes.
create function change_time(tenant uuid) returns timestamptz
language plpgsql volatile set search_path = pg_catalog, public, pg_temp as $$
declare
  known constant text := nullif(current_setting('app.change_ms', true), '');
  ms bigint := known;
begin
  if known is null then
    perform pg_advisory_xact_lock_shared(change_lock(tenant),
      (floor(extract(epoch from clock_timestamp()) * 1000)::bigint % 2147483648)::integer);
    ms := floor(extract(epoch from clock_timestamp()) * 1000);
    perform set_config('app.change_ms', ms::text, true);
  end if;
  return to_timestamp(ms / 1000.0);
end $$;

create function change_lock(tenant uuid) returns integer
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select hashtext(tenant::text) & 2147483647
$$;

-- Everything of a tenant that changed before this time is committed, and can be seen by the next statement. The second
-- key of the lock is a time in milliseconds, modulo 2^31.
create function changes_end(tenant uuid) returns timestamptz
language sql volatile set search_path = pg_catalog, public, pg_temp as $$
  select to_timestamp((n.ms + least(coalesce(min((l.objid::bigint - n.ms % 2147483648 + 3221225472) % 2147483648 - 1073741824), 0), 0)) / 1000.0)
  from (select floor(extract(epoch from statement_timestamp()) * 1000)::bigint as ms) n
  left join pg_locks l on l.locktype = 'advisory' and l.objsubid = 2 and l.pid <> pg_backend_pid()
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and l.classid::bigint = change_lock(tenant)
  group by n.ms
$$;
grant execute on function change_time, change_lock, changes_end to servicehub_app;

create function stamp_ticket_change() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  new.changed_at := change_time(new.tenant_id);
  new.public_changed_at := new.changed_at;
  return new;
end $$;
create trigger stamp_change before insert or update of version, updated_at on tickets
  for each row execute function stamp_ticket_change();
