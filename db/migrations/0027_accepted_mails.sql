-- How many mails of an address were accepted in the hour before one of them, by whatever organisations: those that the
-- receiving server vouched for, and others. Refused ones don't count, for anybody can write an address into From.
drop function mails_before(uuid, uuid);
grant select (outcome, verified) on inbound_mails to servicehub_lookup;
create function accepted_before(tenant uuid, mail uuid) returns table (authenticated integer, other integer)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select (count(*) filter (where o.verified))::integer, (count(*) filter (where not o.verified))::integer
  from public.inbound_mails m, public.inbound_mails o
  where m.tenant_id = tenant and m.id = mail and o.sender_key = m.sender_key
    and o.outcome in ('commented', 'noted', 'opened') and o.received_at > m.received_at - interval '1 hour'
    and o.received_at <= m.received_at and (o.received_at, o.id) < (m.received_at, m.id)
$$;
grant execute on function accepted_before to servicehub_app;
alter function accepted_before owner to servicehub_lookup;
