-- What the mail provider tells: what became of mails that were sent, and mails that came.

alter table outbox add column if not exists provider_id text;
-- What became of a message after the provider took it.
alter table outbox
  add column delivery text check (delivery in ('sent', 'delayed', 'delivered', 'failed', 'bounced', 'complained')),
  add column delivery_at timestamptz(3);
create index outbox_by_provider on outbox (provider_id) where provider_id is not null;
grant select (tenant_id, id, provider_id) on outbox to servicehub_lookup;
create policy lookup on outbox for select to servicehub_lookup using (true);
create function message_of_provider(wanted text) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = pg_catalog, public as $$
  select o.tenant_id, o.id from public.outbox o where o.provider_id = wanted limit 1
$$;
grant execute on function message_of_provider to servicehub_app;
alter function message_of_provider owner to servicehub_lookup;

-- Events that were taken: each has its effect once, however often it is sent.
create table provider_events (
  tenant_id uuid not null references tenants (id),
  id text not null check (length(id) between 1 and 256),
  kind text not null check (length(kind) between 1 and 100),
  at timestamptz(3) not null default now(),
  primary key (tenant_id, id)
);
create index provider_events_by_age on provider_events (tenant_id, at);
select protect_table('provider_events', 'select, insert, delete');

-- Addresses that nothing is sent to any more, until an admin lifts it.
create table suppressed_addresses (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  email_key text not null check (length(email_key) between 3 and 254 and email_key = lower(email_key)),
  reason text not null check (reason in ('bounce', 'complaint')),
  -- What the other side said.
  detail text not null default '' check (length(detail) <= 500),
  outbox_id uuid,
  at timestamptz(3) not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, email_key),
  foreign key (tenant_id, outbox_id) references outbox (tenant_id, id) on delete set null (outbox_id)
);
select protect_table('suppressed_addresses', 'select, insert, update, delete');

-- Mails that came, and what became of each.
create table inbound_mails (
  tenant_id uuid not null references tenants (id),
  id uuid not null default uuidv7(),
  -- What the provider calls it; its content is fetched by that.
  provider_id text not null check (length(provider_id) between 1 and 200),
  message_id text not null default '' check (length(message_id) <= 998),
  sender text not null check (length(sender) <= 320),
  sender_key text not null generated always as (lower(sender)) stored,
  -- Which address of ours it was for.
  recipient text not null check (length(recipient) <= 320),
  subject text not null default '' check (length(subject) <= 998),
  outcome text not null default 'waiting'
    check (outcome in ('waiting', 'commented', 'noted', 'opened', 'refused', 'ignored')),
  -- Why it was refused or ignored, or what of it was left out.
  reason text check (length(reason) <= 500),
  -- Whether it was sure who wrote it; null until that was looked at.
  verified boolean,
  ticket_id uuid,
  comment_id uuid,
  received_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  primary key (tenant_id, id),
  unique (tenant_id, provider_id),
  foreign key (tenant_id, ticket_id) references tickets (tenant_id, id),
  foreign key (tenant_id, comment_id) references comments (tenant_id, id)
);
create unique index inbound_mails_once on inbound_mails (tenant_id, sender_key, message_id) where message_id <> '';
create index inbound_mails_by_time on inbound_mails (tenant_id, received_at, id);
create index inbound_mails_by_sender on inbound_mails (sender_key, received_at);
select protect_table('inbound_mails', 'select, insert, update');

-- How many mails an address has sent in the hour before one of them, to whatever organisations.
grant select (tenant_id, id, sender_key, received_at) on inbound_mails to servicehub_lookup;
create policy lookup on inbound_mails for select to servicehub_lookup using (true);
create function mails_before(tenant uuid, mail uuid) returns integer
language sql stable security definer set search_path = pg_catalog, public as $$
  select count(*)::integer from public.inbound_mails m, public.inbound_mails o
  where m.tenant_id = tenant and m.id = mail and o.sender_key = m.sender_key
    and o.received_at > m.received_at - interval '1 hour' and o.received_at <= m.received_at
    and (o.received_at, o.id) < (m.received_at, m.id)
$$;
grant execute on function mails_before to servicehub_app;
alter function mails_before owner to servicehub_lookup;

-- What is done with mails of people whom nobody knows.
alter table tenants add column inbound_unknown text not null default 'reject'
  check (inbound_unknown in ('reject', 'accept'));

-- A comment that came by mail: from whom it is for sure, or from an address that anybody can write from.
alter table comments
  add column via text check (via in ('email', 'email_unverified')),
  -- The part of the mail that repeats what was said before.
  add column quoted text check (octet_length(quoted) <= 65536);

-- Opens a tenant for what a person does by mail: as `enter`, without a session.
create function enter_person(tenant uuid, person uuid) returns table (
  tenant_id uuid, tenant_slug text, tenant_name text, agents_see_all boolean, reopen_days integer,
  auto_close_days integer, tenant_locale text, tenant_time_zone text, comment_edit_minutes integer, at timestamptz,
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
      t.comment_edit_minutes, now(),
      null::uuid, p.id, p.name, p.email, p.role, p.locale, p.time_zone, p.theme,
      case when p.role = 'AGENT' and not t.agents_see_all
        then array(select m.queue_id from queue_members m where m.tenant_id = tenant and m.user_id = p.id)
        else '{}'::uuid[] end
    from tenants t where t.id = tenant;
end $$;
grant execute on function enter_person to servicehub_app;
