-- Each word is looked up by itself: against a plan made while the table was small, a join would read all of a tenant's.

create or replace function keep_parts(tenant uuid, hidden boolean, words text[]) returns void
language plpgsql set search_path = pg_catalog, public as $$
begin
  insert into search_parts (tenant_id, internal, part, word)
    select tenant, hidden, substr(n.w, i), n.w from (
      select w from unnest(words) w
        left join lateral (select true as known from search_parts p
          where p.tenant_id = tenant and p.internal = hidden and p.part = w and p.word = w limit 1) k on true
      where length(w) between 8 and 40 and w !~ '[0-9^+]' and k.known is null
      limit 100
    ) n, generate_series(1, length(n.w) - 3) i
    order by 3, 4 on conflict do nothing;
end $$;

create or replace function keep_vocabulary(tenant uuid, words text[]) returns void
language plpgsql set search_path = pg_catalog, public as $$
begin
  insert into search_vocabulary (tenant_id, word)
    select tenant, w from unnest(words) w
      left join lateral (select true as known from search_vocabulary v
        where v.tenant_id = tenant and v.word = w limit 1) k on true
    where length(w) between 4 and 24 and w !~ '[0-9^+]' and k.known is null
    order by w on conflict do nothing;
end $$;

-- A requester's address is a kind of its own, which only staff search: people who watch a ticket don't see it, so they
-- don't find by it. Their own tickets people find by their own address. No policy hides it: requesters write these
-- entries when they raise a ticket or change their address.
alter table search_postings drop constraint search_postings_field_check;
alter table search_postings add check (field between 0 and 4);

create function search_requester(tenant uuid, requester uuid) returns table (field integer, word text)
language sql set search_path = pg_catalog, public as $$
  select 3, w from users u, unnest(search_kept(u.name)) w where u.tenant_id = tenant and u.id = requester
  union all
  select 4, w from users u, unnest(search_kept(u.email)) w where u.tenant_id = tenant and u.id = requester
$$;

create function change_words(tenant uuid, ticket bigint, kept_in integer, before text[], after text[]) returns void
language plpgsql set search_path = pg_catalog, public as $$
begin
  perform drop_words(tenant, ticket, kept_in, array(select unnest(before) except select unnest(after)));
  perform keep_words(tenant, ticket, kept_in, array(select unnest(after) except select unnest(before)));
end $$;
grant execute on function search_requester, change_words to servicehub_app;

create or replace function add_ticket_texts(t tickets) returns void language plpgsql set search_path = pg_catalog, public as $$
declare
  titled text[] := search_kept_of_title(t.title);
  described text[] := search_kept(t.description, 1001);
begin
  if cardinality(described) > 1000 then
    insert into search_long_texts (tenant_id, source_id) values (t.tenant_id, t.id)
      on conflict (tenant_id, source_id) do update set kept = 1000, done = false;
    described := described[:1000];
  end if;
  insert into search_postings (tenant_id, number, field, word)
    select t.tenant_id, t.number, k.field, k.word from (
      select 0 as field, unnest(titled) as word
      union all select 1, unnest(described)
      union all select k.field, k.word from search_requester(t.tenant_id, t.requester_id) k
    ) k order by k.word
    -- Comments may have come before, while older tickets are still to be entered.
    on conflict (tenant_id, word, field, number) do update set texts = search_postings.texts + 1;
  perform keep_vocabulary(t.tenant_id, titled), keep_parts(t.tenant_id, false, titled || described);
end $$;

create or replace function index_ticket() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare
  before text[];
  after text[];
  person record;
begin
  if new.number < (search_rebuilt(new.tenant_id)).number then
    return null;
  end if;
  if tg_op = 'INSERT' then
    perform add_ticket_texts(new);
    return null;
  end if;
  if new.title <> old.title then
    before := search_kept_of_title(old.title);
    after := search_kept_of_title(new.title);
    perform drop_words(new.tenant_id, new.number, 0, array(select unnest(before) except select unnest(after)));
    perform keep_words(new.tenant_id, new.number, 0, array(select unnest(after) except select unnest(before))),
      keep_vocabulary(new.tenant_id, after), keep_parts(new.tenant_id, false, after);
  end if;
  if new.description <> old.description then
    perform change_text(new.tenant_id, new.id, new.number, 1, old.description, new.description);
  end if;
  if new.requester_id <> old.requester_id then
    for person in select k.field, array_agg(k.word) as words
        from search_requester(old.tenant_id, old.requester_id) k group by k.field loop
      perform drop_words(new.tenant_id, new.number, person.field, person.words);
    end loop;
    for person in select k.field, array_agg(k.word) as words
        from search_requester(new.tenant_id, new.requester_id) k group by k.field loop
      perform keep_words(new.tenant_id, new.number, person.field, person.words);
    end loop;
  end if;
  return null;
end $$;

create or replace function index_user() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare
  t record;
begin
  if tg_op = 'UPDATE' then
    if new.name = old.name and new.email = old.email then
      return null;
    end if;
    delete from search_people where tenant_id = new.tenant_id and user_id = new.id;
    for t in select k.number from ticket_participants m join tickets k on k.tenant_id = m.tenant_id and k.id = m.ticket_id
        where m.tenant_id = new.tenant_id and m.user_id = new.id and m.kind = 'requester' and k.requester_id = new.id
          and k.number >= coalesce((search_rebuilt(new.tenant_id)).number, 0) order by k.number loop
      perform change_words(new.tenant_id, t.number, 3, search_kept(old.name), search_kept(new.name)),
        change_words(new.tenant_id, t.number, 4, search_kept(old.email), search_kept(new.email));
    end loop;
  end if;
  insert into search_people (tenant_id, user_id, word)
    select new.tenant_id, new.id, w from unnest(search_kept(new.name || ' ' || new.email)) w on conflict do nothing;
  return null;
end $$;

-- All is entered anew by the job.
truncate search_postings, search_long_texts;
alter table tickets no force row level security;
alter table search_rebuilds no force row level security;
insert into search_rebuilds (tenant_id, number, comment_id)
  select t.tenant_id, max(t.number) + 1, uuidv7() from tickets t group by t.tenant_id
  on conflict (tenant_id) do update set number = excluded.number, comment_id = excluded.comment_id;
alter table tickets force row level security;
alter table search_rebuilds force row level security;
