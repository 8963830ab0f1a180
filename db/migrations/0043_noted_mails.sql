-- Mails that became unverified notes are counted by themselves: whoever has somebody's reply address and forges their From
-- makes notes alone, and must not use up the mails that the person opens tickets with.
drop function accepted_before(uuid, uuid);
create function accepted_before(tenant uuid, mail uuid)
returns table (authenticated integer, opened integer, noted integer)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select (count(*) filter (where o.verified))::integer,
    (count(*) filter (where not o.verified and o.outcome <> 'noted'))::integer,
    (count(*) filter (where not o.verified and o.outcome = 'noted'))::integer
  from public.inbound_mails m, public.inbound_mails o
  where m.tenant_id = tenant and m.id = mail and o.sender_key = m.sender_key
    and o.outcome in ('commented', 'noted', 'opened') and o.received_at > m.received_at - interval '1 hour'
    and o.received_at <= m.received_at and (o.received_at, o.id) < (m.received_at, m.id)
$$;
grant execute on function accepted_before to servicehub_app;
alter function accepted_before owner to servicehub_lookup;
