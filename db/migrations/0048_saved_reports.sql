-- Reports that people come back to, with their filters: a person's own or shared with the help desk. A schedule mails them.

create table saved_reports (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  owner_id uuid not null,
  name text not null check (length(name) between 1 and 80),
  name_key text not null generated always as (lower(name)) stored,
  shared boolean not null default false,
  report text not null,
  -- Filters, period and comparison as the API takes them: a period that has a name moves with time.
  query jsonb not null,
  -- As the API takes it, in the organisation's zone; null for a report that isn't mailed.
  schedule jsonb,
  -- The next time, and the zone that it was computed in.
  next_run_at timestamptz(3),
  zone text,
  -- The latest sending, and whether it was the schedule's. Who was sent it: saved_report_mails.
  sent_at timestamptz(3),
  sent_by_schedule boolean not null default false,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, owner_id, name_key),
  foreign key (tenant_id, owner_id) references users (tenant_id, id),
  check ((next_run_at is null) = (zone is null))
);
create index saved_reports_shared on saved_reports (tenant_id, name_key, id) where shared;
create index saved_reports_due on saved_reports (tenant_id, next_run_at) where next_run_at is not null;
select protect_table('saved_reports', 'select, insert, update, delete');
select hide_internal_rows('saved_reports', 'true');

-- Who gets it when its time comes.
create table saved_report_recipients (
  tenant_id uuid not null,
  saved_report_id uuid not null,
  user_id uuid not null,
  primary key (tenant_id, saved_report_id, user_id),
  foreign key (tenant_id, saved_report_id) references saved_reports (tenant_id, id) on delete cascade,
  foreign key (tenant_id, user_id) references users (tenant_id, id)
);
select protect_table('saved_report_recipients', 'select, insert, delete');
select hide_internal_rows('saved_report_recipients', 'true');

-- What became of the latest sending.
create table saved_report_mails (
  tenant_id uuid not null,
  saved_report_id uuid not null,
  user_id uuid not null,
  -- Null for whoever was left out, and once the message is deleted.
  outbox_id uuid,
  left_out text check (left_out in ('deactivated', 'not_staff', 'not_shared')),
  primary key (tenant_id, saved_report_id, user_id),
  foreign key (tenant_id, saved_report_id) references saved_reports (tenant_id, id) on delete cascade,
  foreign key (tenant_id, user_id) references users (tenant_id, id),
  foreign key (tenant_id, outbox_id) references outbox (tenant_id, id) on delete set null (outbox_id)
);
create index saved_report_mails_by_message on saved_report_mails (tenant_id, outbox_id) where outbox_id is not null;
select protect_table('saved_report_mails', 'select, insert, update, delete');
select hide_internal_rows('saved_report_mails', 'true');

-- Where a report is due, or its time was computed in a zone that isn't the organisation's any more.
create policy lookup on saved_reports for select to servicehub_lookup using (true);
grant select (tenant_id, next_run_at, zone) on saved_reports to servicehub_lookup;
grant select (time_zone) on tenants to servicehub_lookup;
create function tenants_with_due_reports() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select t.id from public.tenants t where (select public.require_system())
    and exists (select 1 from public.saved_reports s where s.tenant_id = t.id and s.next_run_at is not null
      and (s.next_run_at <= now() or s.zone <> t.time_zone))
$$;
grant execute on function tenants_with_due_reports to servicehub_app;
alter function tenants_with_due_reports owner to servicehub_lookup;
