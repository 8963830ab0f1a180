-- Which words are in which tickets. An inverted index in an ordinary table: its types are leakproof, so that row
-- security keeps its index, and each word's tickets are in order, so that a search stops when it has enough.

-- Text as it is compared: no accents, no case, compatibility forms made plain.
create function search_folded(source text) returns text
language sql immutable strict parallel safe set search_path = pg_catalog, public as $$
  select case when octet_length(source) = length(source) then lower(source collate pg_unicode_fast)
    else normalize(regexp_replace(normalize(casefold(source collate pg_unicode_fast), NFKD), '[\u0300-\u036f]', '', 'g'), NFKC)
  end
$$;

-- The words of a text, in its order. Scripts that are written without spaces are cut into pairs of characters; with
-- `stored`, the last character of a run is a word of its own, so that one character finds every run that it is in.
create function search_words(source text, stored boolean) returns table (word text, place bigint)
language plpgsql immutable strict parallel safe set search_path = pg_catalog, public as $$
declare
  dense constant text := '[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]';
  folded text := search_folded(left(source, 16384));
begin
  if octet_length(folded) = length(folded) or folded !~ dense then
    return query select left(s.piece, 40), s.place
      from regexp_split_to_table(folded, '[^[:alnum:]\u0900-\u0dff]+' collate pg_unicode_fast) with ordinality s(piece, place)
      where s.piece <> '';
    return;
  end if;
  return query select w.word, row_number() over ()
    from regexp_split_to_table(regexp_replace(folded, '(' || dense || '+)', ' \1 ', 'g'),
      '[^[:alnum:]\u0900-\u0dff\u0e31-\u0eff]+' collate pg_unicode_fast) with ordinality s(piece, place)
    cross join lateral (
      select left(s.piece, 40) as word, 0 as pair where s.piece !~ dense
      union all
      -- By characters: to count to the n-th one in a text costs n.
      select c.char || coalesce(c.next, ''), c.i from (
        select char, lead(char) over (order by i) as next, i
        from unnest(string_to_array(s.piece, null)) with ordinality chars(char, i) where s.piece ~ dense
      ) c where c.next is not null or c.i = 1 or stored
    ) w
    where s.piece <> '' order by s.place, w.pair;
end $$;

-- The different words of a text that are kept, a thousand at most. Plain ASCII takes the short way.
create function search_kept(source text) returns text[]
language plpgsql immutable strict parallel safe set search_path = pg_catalog, public as $$
begin
  if octet_length(source) = length(source) then
    return array(select distinct left(w, 40)
      from unnest(regexp_split_to_array(search_folded(left(source, 16384)), '[^a-z0-9]+')) w where w <> '' limit 1000);
  end if;
  return array(select distinct w.word from search_words(source, true) w limit 1000);
end $$;

-- The words of a title, with the beginnings of longer ones, which are told from words by a caret.
create function search_kept_of_title(title text) returns text[]
language sql immutable strict parallel safe set search_path = pg_catalog, public as $$
  with kept as materialized (select unnest(search_kept(title)) as w)
  select array(
    select w from kept
    union
    select '^' || left(w, n) from kept, generate_series(2, 4) n where length(w) > n)
$$;

-- `field`: 0 title, 1 description and public comments, 2 internal notes, 3 the requester's name.
create table search_postings (
  tenant_id uuid not null,
  number bigint not null,
  field smallint not null check (field between 0 and 3),
  word text collate "C" not null,
  primary key (tenant_id, word, field, number)
);
select protect_table('search_postings', 'select, insert, delete');
select hide_internal_rows('search_postings', 'field = 2');

-- Words that titles have had, for what is spelled nearly so.
create table search_vocabulary (
  tenant_id uuid not null,
  word text collate "C" not null,
  primary key (tenant_id, word)
);
select protect_table('search_vocabulary', 'select, insert');

-- Words of people's names and addresses.
create table search_people (
  tenant_id uuid not null,
  user_id uuid not null,
  word text collate "C" not null,
  primary key (tenant_id, word, user_id),
  foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create index search_people_by_user on search_people (tenant_id, user_id);
select protect_table('search_people', 'select, insert, delete');

grant execute on function search_folded, search_words, search_kept, search_kept_of_title to servicehub_app;

create function keep_words(tenant uuid, ticket bigint, kept_in integer, words text[]) returns void
language plpgsql set search_path = pg_catalog, public as $$
begin
  insert into search_postings (tenant_id, number, field, word)
    select tenant, ticket, kept_in, w from unnest(words) w order by w on conflict do nothing;
end $$;

create function keep_vocabulary(tenant uuid, words text[]) returns void
language plpgsql set search_path = pg_catalog, public as $$
begin
  insert into search_vocabulary (tenant_id, word)
    select tenant, w from unnest(words) w
    where length(w) between 4 and 24 and w !~ '[0-9^]'
      and not exists (select 1 from search_vocabulary v where v.tenant_id = tenant and v.word = w)
    order by w on conflict do nothing;
end $$;

create function drop_words(tenant uuid, ticket bigint, kept_in integer, words text[]) returns void
language plpgsql set search_path = pg_catalog, public as $$
begin
  delete from search_postings p
    where p.tenant_id = tenant and p.word = any (words) and p.field = kept_in and p.number = ticket;
end $$;

-- What of `source` no text of that kind in the ticket says any more.
create function drop_unsaid(tenant uuid, ticket uuid, kept_in integer, source text) returns void
language plpgsql set search_path = pg_catalog, public as $$
declare
  t record;
begin
  select x.number, x.description into t from tickets x where x.tenant_id = tenant and x.id = ticket;
  perform drop_words(tenant, t.number, kept_in, array(
    select unnest(search_kept(source))
    except select unnest(search_kept(t.description)) where kept_in = 1
    except select w from comments c, unnest(search_kept(c.body)) w where c.tenant_id = tenant and c.ticket_id = ticket
      and c.visibility = case kept_in when 1 then 'public' else 'internal' end));
end $$;

create function index_ticket() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare
  titled text[];
begin
  if tg_op = 'INSERT' then
    titled := search_kept_of_title(new.title);
    insert into search_postings (tenant_id, number, field, word)
      select new.tenant_id, new.number, k.field, k.word from (
        select 0 as field, unnest(titled) as word
        union all select 1, unnest(search_kept(new.description))
        union all select 3, unnest(search_kept(u.name)) from users u
          where u.tenant_id = new.tenant_id and u.id = new.requester_id
      ) k order by k.word;
    perform keep_vocabulary(new.tenant_id, titled);
    return null;
  end if;
  if new.title <> old.title then
    titled := search_kept_of_title(new.title);
    perform drop_words(new.tenant_id, new.number, 0,
      array(select unnest(search_kept_of_title(old.title)) except select unnest(titled)));
    perform keep_words(new.tenant_id, new.number, 0, titled), keep_vocabulary(new.tenant_id, titled);
  end if;
  if new.description <> old.description then
    perform drop_unsaid(new.tenant_id, new.id, 1, old.description);
    perform keep_words(new.tenant_id, new.number, 1, search_kept(new.description));
  end if;
  if new.requester_id <> old.requester_id then
    perform drop_words(new.tenant_id, new.number, 3, (select search_kept(u.name) from users u
      where u.tenant_id = old.tenant_id and u.id = old.requester_id));
    perform keep_words(new.tenant_id, new.number, 3, (select search_kept(u.name) from users u
      where u.tenant_id = new.tenant_id and u.id = new.requester_id));
  end if;
  return null;
end $$;
create trigger index_new after insert on tickets for each row execute function index_ticket();
create trigger index_changed after update of title, description, requester_id on tickets for each row
  execute function index_ticket();

create function index_comment() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
  if tg_op <> 'INSERT' then
    perform drop_unsaid(old.tenant_id, old.ticket_id, case old.visibility when 'public' then 1 else 2 end, old.body);
  end if;
  if tg_op <> 'DELETE' then
    perform keep_words(new.tenant_id, (select t.number from tickets t where t.tenant_id = new.tenant_id
      and t.id = new.ticket_id), case new.visibility when 'public' then 1 else 2 end, search_kept(new.body));
  end if;
  return null;
end $$;
create trigger index_new after insert or delete on comments for each row execute function index_comment();
create trigger index_changed after update of body, visibility, ticket_id on comments for each row
  execute function index_comment();

create function index_user() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
  if tg_op = 'UPDATE' then
    if new.name = old.name and new.email = old.email then
      return null;
    end if;
    delete from search_people where tenant_id = new.tenant_id and user_id = new.id;
    if new.name <> old.name then
      delete from search_postings p using tickets t where t.tenant_id = new.tenant_id and t.requester_id = new.id
        and t.id in (select m.ticket_id from ticket_participants m where m.tenant_id = new.tenant_id and m.user_id = new.id)
        and p.tenant_id = t.tenant_id and p.number = t.number and p.field = 3
        and p.word = any (search_kept(old.name));
      insert into search_postings (tenant_id, number, field, word)
        select t.tenant_id, t.number, 3, w from tickets t, unnest(search_kept(new.name)) w
        where t.tenant_id = new.tenant_id and t.requester_id = new.id and t.id in (
          select m.ticket_id from ticket_participants m where m.tenant_id = new.tenant_id and m.user_id = new.id)
        order by w on conflict do nothing;
    end if;
  end if;
  insert into search_people (tenant_id, user_id, word)
    select new.tenant_id, new.id, w from unnest(search_kept(new.name || ' ' || new.email)) w on conflict do nothing;
  return null;
end $$;
create trigger index_new after insert or update of name, email on users for each row execute function index_user();

-- Enters what a tenant had before, or what came in past the triggers. Every statement of it is set-based.
create function fill_search(tenant uuid) returns void language sql set search_path = pg_catalog, public as $$
  insert into search_postings (tenant_id, number, field, word)
    select tenant, t.number, 0, w from tickets t, unnest(search_kept_of_title(t.title)) w where t.tenant_id = tenant
    union all
    select tenant, t.number, 3, w from tickets t join users u on u.tenant_id = t.tenant_id and u.id = t.requester_id,
      unnest(search_kept(u.name)) w where t.tenant_id = tenant
    union
    select tenant, t.number, 1, w from tickets t, unnest(search_kept(t.description)) w where t.tenant_id = tenant
    union
    select tenant, t.number, case c.visibility when 'public' then 1 else 2 end, w
      from comments c join tickets t on t.tenant_id = c.tenant_id and t.id = c.ticket_id, unnest(search_kept(c.body)) w
      where c.tenant_id = tenant
    on conflict do nothing;
  select keep_vocabulary(tenant, search_kept(t.title)) from tickets t where t.tenant_id = tenant;
  insert into search_people (tenant_id, user_id, word)
    select tenant, u.id, w from users u, unnest(search_kept(u.name || ' ' || u.email)) w where u.tenant_id = tenant
    on conflict do nothing;
$$;

grant execute on function keep_words, keep_vocabulary, drop_words, drop_unsaid, fill_search to servicehub_app;

-- The owner is under row security too; for the length of this migration it is not.
do $$
declare
  name text;
begin
  foreach name in array array['tenants', 'users', 'tickets', 'comments', 'search_postings', 'search_vocabulary', 'search_people'] loop
    execute format('alter table %I no force row level security', name);
  end loop;
  perform fill_search(id) from tenants;
  foreach name in array array['tenants', 'users', 'tickets', 'comments', 'search_postings', 'search_vocabulary', 'search_people'] loop
    execute format('alter table %I force row level security', name);
  end loop;
end $$;
