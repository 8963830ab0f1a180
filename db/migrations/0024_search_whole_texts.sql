-- The search index, bounded: a change costs the words of the text that changed, and a text of any kind some
-- milliseconds. An entry counts the texts of its kind that say the word, so an edit needs no other text.

drop trigger index_new on tickets;
drop trigger index_changed on tickets;
drop trigger index_new on comments;
drop trigger index_changed on comments;
drop trigger index_new on users;
drop function index_ticket, index_comment, index_user, fill_search, drop_unsaid, drop_words, keep_words,
  search_kept_of_title, search_kept, search_words;
drop table search_postings;

-- Text as it is compared: no accents, no case, compatibility forms made plain, nothing that can't be seen. Letters
-- that Unicode doesn't decompose are spelled as in CLDR's Latin-ASCII. Normalizing takes the square of a run of
-- combining marks, so runs longer than UAX #15 allows (30) go first, and signs that stand for whole sentences (U+FDFA).
create or replace function search_folded(source text) returns text
language plpgsql immutable strict parallel safe set search_path = pg_catalog, public as $$
declare
  accents constant text := '[\u00b7\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7-\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u00ad\u061c\u115f-\u1160\u17b4-\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\ufdfa-\ufdfb\U000e0000-\U000e0fff]+';
  -- The other characters of a canonical combining class above 0.
  marks constant text := '[\u0711\u0730-\u074a\u07eb-\u07f3\u07fd\u0816-\u0819\u081b-\u0823\u0825-\u0827\u0829-\u082d\u0859-\u085b\u0897-\u089f\u08ca-\u08e1\u08e3-\u08ff\u093c\u094d\u0951-\u0954\u09bc\u09cd\u09fe\u0a3c-\u0a4d\u0abc\u0acd\u0b3c\u0b4d\u0bcd\u0c3c\u0c48-\u0c56\u0cbc\u0ccd\u0d3b-\u0d3c\u0d4d\u0dca-\u0ddd\u0e38-\u0e3a\u0e48-\u0e4b\u0eb8-\u0eba\u0ec8-\u0ecb\u0f18-\u0f19\u0f35\u0f37\u0f39\u0f71-\u0f84\u0f86-\u0f87\u0fc6\u1037-\u103a\u108d\u135d-\u135f\u1714-\u1715\u1734\u17d2\u17dd\u18a9\u1939-\u193b\u1a17-\u1a18\u1a60-\u1a7f\u1b34-\u1b44\u1b6b-\u1b73\u1baa-\u1bab\u1be6-\u1bf3\u1c37\u1cd0-\u1cd2\u1cd4-\u1ce8\u1ced\u1cf4\u1cf8-\u1cf9\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f\u3099-\u309a\ua66f\ua674-\ua67d\ua69e-\ua69f\ua6f0-\ua6f1\ua806\ua82c\ua8c4\ua8e0-\ua8f1\ua92b-\ua92d\ua953\ua9b3-\ua9c0\uaab0\uaab2-\uaab4\uaab7-\uaab8\uaabe-\uaabf\uaac1\uaaf6\uabed\ufb1e\U000101fd\U000102e0\U00010376-\U0001037a\U00010a0d-\U00010a0f\U00010a38-\U00010a3f\U00010ae5-\U00010ae6\U00010d24-\U00010d27\U00010d69-\U00010d6d\U00010eab-\U00010eac\U00010efd-\U00010eff\U00010f46-\U00010f50\U00010f82-\U00010f85\U00011046\U00011070\U0001107f\U000110b9-\U000110ba\U00011100-\U00011102\U00011133-\U00011134\U00011173\U000111c0\U000111ca\U00011235-\U00011236\U000112e9-\U000112ea\U0001133b-\U0001133c\U0001134d\U00011366-\U00011374\U000113ce-\U000113d0\U00011442-\U00011446\U0001145e\U000114c2-\U000114c3\U000115bf-\U000115c0\U0001163f\U000116b6-\U000116b7\U0001172b\U00011839-\U0001183a\U0001193d-\U0001193e\U00011943\U000119e0\U00011a34\U00011a47\U00011a99\U00011c3f\U00011d42-\U00011d45\U00011d97\U00011f41-\U00011f42\U0001612f\U00016af0-\U00016af4\U00016b30-\U00016b36\U00016ff0-\U00016ff1\U0001bc9e\U0001d165-\U0001d169\U0001d16d-\U0001d172\U0001d17b-\U0001d182\U0001d185-\U0001d18b\U0001d1aa-\U0001d1ad\U0001d242-\U0001d244\U0001e000-\U0001e02a\U0001e08f\U0001e130-\U0001e136\U0001e2ae\U0001e2ec-\U0001e2ef\U0001e4ec-\U0001e4ef\U0001e5ee-\U0001e5ef\U0001e8d0-\U0001e8d6\U0001e944-\U0001e94a]{31,}';
  folded text;
begin
  if octet_length(source) = length(source) then
    return lower(source collate pg_unicode_fast);
  end if;
  folded := regexp_replace(regexp_replace(source, accents, '', 'g'), marks, '', 'g');
  folded := casefold(regexp_replace(normalize(folded, NFKD), accents, '', 'g') collate pg_unicode_fast);
  if folded ~ '[æþœƕðøđħıĸłŋŧƀɓƃƈɖɗƌɛƒɠɨƙƚɲƞƥƭʈʋƴƶǥⱥȼɇɉɍɏɟɡɫʉʂʐɔəɵ]' then
    folded := translate(replace(replace(replace(replace(folded, 'æ', 'ae'), 'þ', 'th'), 'œ', 'oe'), 'ƕ', 'hv'),
      'ðøđħıĸłŋŧƀɓƃƈɖɗƌɛƒɠɨƙƚɲƞƥƭʈʋƴƶǥⱥȼɇɉɍɏɟɡɫʉʂʐɔəɵ',
      'dodhiqlntbbbcdddefgiklnnpttvyzgacejryjgluszoeo');
  end if;
  -- Some signs stand for six letters.
  return left(normalize(folded, NFKC), length(source) + 1000);
end $$;

-- The words of a text, in its order. Scripts that are written without spaces are cut into pairs of characters; with
-- `stored`, the last character of a run is a word of its own, so that one character finds every run that it is in.
create function search_words(source text, stored boolean) returns table (word text, place bigint)
language plpgsql immutable strict parallel safe set search_path = pg_catalog, public as $$
declare
  dense constant text := '[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]';
  folded text := search_folded(source);
begin
  if octet_length(folded) = length(folded) then
    return query select left(s.piece, 40), s.place
      from unnest(string_to_array(regexp_replace(folded, '[^a-z0-9]+', ' ', 'g'), ' ')) with ordinality s(piece, place)
      where s.piece <> '';
    return;
  end if;
  if folded !~ dense then
    return query select left(s.piece, 40), s.place
      from unnest(string_to_array(regexp_replace(folded, '[^[:alnum:]\u0900-\u0dff]+' collate pg_unicode_fast, ' ', 'g'), ' '))
        with ordinality s(piece, place)
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

-- What telephone numbers are found by, whatever stands between their digits: every end of six digits or more, told
-- from words by a plus. Of +49 (0)30 … both ways to dial it. Twenty numbers of a text.
create function search_phones(source text) returns setof text
language sql immutable strict parallel safe set search_path = pg_catalog, public as $$
  select distinct '+' || substr(n.digits, i)
  from (
    select m[1] as run from regexp_matches(source, '(?<![[:alnum:]])[+(]*[0-9][0-9 ()/.\u2010-\u2015-]{5,24}[0-9](?![[:alnum:]])', 'g') m
    where m[1] !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}|^[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}|^[0-9]{1,3}([.][0-9]{1,3}){3}$'
      and (m[1] ~ '^[+0(]' or m[1] ~ '[^0-9]')
      and length(regexp_replace(m[1], '[^0-9]+', '', 'g')) between 7 and 16
    limit 20
  ) r
  cross join lateral (values (regexp_replace(r.run, '[^0-9]+', '', 'g')),
    (regexp_replace(replace(r.run, '(0)', ''), '[^0-9]+', '', 'g'))) n(digits)
  cross join lateral generate_series(1, length(n.digits) - 5) i
$$;

-- The different words of a text that are kept, `most` of them, in its order. Of 000417 also 417.
create function search_kept(source text, most integer default 1000) returns text[]
language plpgsql immutable strict parallel safe set search_path = pg_catalog, public as $$
begin
  if source !~ '[0-9]' and octet_length(source) = length(source) then
    return array(select left(s.piece, 40)
      from unnest(string_to_array(regexp_replace(lower(source collate pg_unicode_fast), '[^a-z]+', ' ', 'g'), ' '))
        with ordinality s(piece, place)
      where s.piece <> '' group by 1 order by min(s.place) limit most);
  end if;
  return array(
    with said as (select w.word, min(w.place) as place from search_words(source, true) w group by w.word)
    select k.word from (
      select s.word, s.place from said s
      union all select ltrim(s.word, '0'), s.place from said s where s.word ~ '^0+[1-9][0-9]*$'
      union all select p, 0 from search_phones(source) p
    ) k
    group by k.word order by min(k.place), k.word limit most);
end $$;

-- The words of a title, with the beginnings of longer ones, which are told from words by a caret.
create function search_kept_of_title(title text) returns text[]
language sql immutable strict parallel safe set search_path = pg_catalog, public as $$
  with kept as materialized (select unnest(search_kept(title)) as w)
  select array(
    select w from kept
    union
    select '^' || left(w, n) from kept, generate_series(2, 4) n where length(w) > n and w !~ '^[+]')
$$;

-- `field`: 0 title, 1 description and public comments, 2 internal notes, 3 the requester's name and address.
-- `texts`: how many texts of that kind in the ticket say the word.
create table search_postings (
  tenant_id uuid not null,
  number bigint not null,
  texts integer not null default 1 check (texts > 0),
  field smallint not null check (field between 0 and 3),
  word text collate "C" not null,
  primary key (tenant_id, word, field, number)
) with (fillfactor = 95);
select protect_table('search_postings', 'select, insert, update, delete');
select hide_internal_rows('search_postings', 'field = 2');

-- The ends of long words that the tenant's texts have, so that a part of a compound finds it. A word's own row is there
-- first. `internal`: said in an internal note.
create table search_parts (
  tenant_id uuid not null,
  internal boolean not null,
  part text collate "C" not null,
  word text collate "C" not null,
  primary key (tenant_id, internal, part, word)
);
select protect_table('search_parts', 'select, insert');
select hide_internal_rows('search_parts', 'internal');

-- Texts of more than a thousand different words: their first `kept` ones are entered, a job enters the others.
create table search_long_texts (
  tenant_id uuid not null,
  -- A comment's, or a ticket's for its description.
  source_id uuid not null,
  kept integer not null default 1000,
  done boolean not null default false,
  primary key (tenant_id, source_id)
);
create index search_long_texts_open on search_long_texts (tenant_id, source_id) where not done;
select protect_table('search_long_texts', 'select, insert, update, delete');

-- Tenants whose texts of before aren't all entered: tickets from `number` on and comments from `comment_id` on are.
create table search_rebuilds (
  tenant_id uuid primary key,
  number bigint not null default 9223372036854775807,
  comment_id uuid not null default 'ffffffff-ffff-ffff-ffff-ffffffffffff'
);
select protect_table('search_rebuilds', 'select, insert, update, delete');

create function keep_words(tenant uuid, ticket bigint, kept_in integer, words text[], times integer default 1) returns void
language plpgsql set search_path = pg_catalog, public as $$
begin
  insert into search_postings (tenant_id, number, texts, field, word)
    select tenant, ticket, times, kept_in, w from unnest(words) w order by w
    on conflict (tenant_id, word, field, number) do update set texts = search_postings.texts + excluded.texts;
end $$;

create function drop_words(tenant uuid, ticket bigint, kept_in integer, words text[], times integer default 1) returns void
language plpgsql set search_path = pg_catalog, public as $$
begin
  delete from search_postings p where p.tenant_id = tenant and p.word = any (words) and p.field = kept_in
    and p.number = ticket and p.texts <= times;
  update search_postings p set texts = p.texts - times where p.tenant_id = tenant and p.word = any (words)
    and p.field = kept_in and p.number = ticket;
end $$;

-- A hundred new words of a text.
create function keep_parts(tenant uuid, hidden boolean, words text[]) returns void
language plpgsql set search_path = pg_catalog, public as $$
begin
  insert into search_parts (tenant_id, internal, part, word)
    select tenant, hidden, substr(n.w, i), n.w from (
      select w from unnest(words) w where length(w) between 8 and 40 and w !~ '[0-9^+]'
        and not exists (select 1 from search_parts p
          where p.tenant_id = tenant and p.internal = hidden and p.part = w and p.word = w)
      limit 100
    ) n, generate_series(1, length(n.w) - 3) i
    order by 3, 4 on conflict do nothing;
end $$;

-- Where a tenant's rebuild is; null where there is none. Holds its next step back until the transaction ends.
create function search_rebuilt(tenant uuid) returns search_rebuilds
language sql set search_path = pg_catalog, public as $$
  select r from search_rebuilds r where r.tenant_id = tenant for share
$$;

create function add_text(tenant uuid, source uuid, ticket bigint, kept_in integer, said text) returns void
language plpgsql set search_path = pg_catalog, public as $$
declare
  words text[] := search_kept(said, 1001);
begin
  if cardinality(words) > 1000 then
    insert into search_long_texts (tenant_id, source_id) values (tenant, source)
      on conflict (tenant_id, source_id) do update set kept = 1000, done = false;
    words := words[:1000];
  end if;
  perform keep_words(tenant, ticket, kept_in, words), keep_parts(tenant, kept_in = 2, words);
end $$;

-- How many words of a text are entered, if they are to be taken away; it isn't long any more.
create function forget_long_text(tenant uuid, source uuid) returns integer
language plpgsql set search_path = pg_catalog, public as $$
declare
  entered integer;
begin
  delete from search_long_texts where tenant_id = tenant and source_id = source returning kept into entered;
  return coalesce(entered, 1000);
end $$;

create function change_text(tenant uuid, source uuid, ticket bigint, kept_in integer, before text, after text) returns void
language plpgsql set search_path = pg_catalog, public as $$
declare
  old_words text[] := search_kept(before, forget_long_text(tenant, source));
  new_words text[] := search_kept(after, 1001);
begin
  if cardinality(old_words) > 1000 or cardinality(new_words) > 1000 then
    perform drop_words(tenant, ticket, kept_in, old_words);
    perform add_text(tenant, source, ticket, kept_in, after);
    return;
  end if;
  perform drop_words(tenant, ticket, kept_in, array(select unnest(old_words) except select unnest(new_words)));
  new_words := array(select unnest(new_words) except select unnest(old_words));
  perform keep_words(tenant, ticket, kept_in, new_words), keep_parts(tenant, kept_in = 2, new_words);
end $$;

create function add_ticket_texts(t tickets) returns void language plpgsql set search_path = pg_catalog, public as $$
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
      union all select 3, unnest(search_kept(u.name || ' ' || u.email)) from users u
        where u.tenant_id = t.tenant_id and u.id = t.requester_id
    ) k order by k.word
    -- Comments may have come before, while older tickets are still to be entered.
    on conflict (tenant_id, word, field, number) do update set texts = search_postings.texts + 1;
  perform keep_vocabulary(t.tenant_id, titled), keep_parts(t.tenant_id, false, titled || described);
end $$;

create function index_ticket() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare
  before text[];
  after text[];
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
    perform drop_words(new.tenant_id, new.number, 3, (select search_kept(u.name || ' ' || u.email) from users u
      where u.tenant_id = old.tenant_id and u.id = old.requester_id));
    perform keep_words(new.tenant_id, new.number, 3, (select search_kept(u.name || ' ' || u.email) from users u
      where u.tenant_id = new.tenant_id and u.id = new.requester_id));
  end if;
  return null;
end $$;
create trigger index_new after insert on tickets for each row execute function index_ticket();
create trigger index_changed after update of title, description, requester_id on tickets for each row
  execute function index_ticket();

create function search_field(visibility text) returns integer
language sql immutable parallel safe as $$ select case visibility when 'public' then 1 else 2 end $$;

-- Locks the tickets first, so that whoever writes in the same ticket comes to the same words one after the other.
create function index_added_comments() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare
  c record;
begin
  for c in select a.tenant_id, a.id, t.number, a.visibility, a.body from added a
      join tickets t on t.tenant_id = a.tenant_id and t.id = a.ticket_id order by t.number, a.id for no key update of t loop
    if c.id < (search_rebuilt(c.tenant_id)).comment_id then
      continue;
    end if;
    perform add_text(c.tenant_id, c.id, c.number, search_field(c.visibility), c.body);
  end loop;
  return null;
end $$;

create function index_gone_comments() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare
  c record;
begin
  for c in select g.tenant_id, g.id, t.number, g.visibility, g.body from gone g
      join tickets t on t.tenant_id = g.tenant_id and t.id = g.ticket_id order by t.number, g.id for no key update of t loop
    if c.id < (search_rebuilt(c.tenant_id)).comment_id then
      continue;
    end if;
    perform drop_words(c.tenant_id, c.number, search_field(c.visibility),
      search_kept(c.body, forget_long_text(c.tenant_id, c.id)));
  end loop;
  return null;
end $$;

-- What moved to another ticket or kind goes together, each word once with how many of the texts have it.
create function index_changed_comments() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare
  c record;
  moved uuid[] := array(select o.id from before o join after n on n.tenant_id = o.tenant_id and n.id = o.id
    where n.ticket_id <> o.ticket_id or n.visibility <> o.visibility);
begin
  for c in select o.tenant_id, o.id, t.number, o.visibility, o.body as said, n.body from before o
      join after n on n.tenant_id = o.tenant_id and n.id = o.id and n.body <> o.body
      join tickets t on t.tenant_id = n.tenant_id and t.id = n.ticket_id
      where o.id <> all (moved) order by t.number, o.id for no key update of t loop
    if c.id < (search_rebuilt(c.tenant_id)).comment_id then
      continue;
    end if;
    perform change_text(c.tenant_id, c.id, c.number, search_field(c.visibility), c.said, c.body);
  end loop;
  if cardinality(moved) = 0 then
    return null;
  end if;
  for c in select w.tenant_id, w.number, w.visibility, w.times, array_agg(w.word) as words from (
      select o.tenant_id, t.number, o.visibility, k.word, count(*)::integer as times from before o
        join tickets t on t.tenant_id = o.tenant_id and t.id = o.ticket_id
        cross join lateral unnest(search_kept(o.body, forget_long_text(o.tenant_id, o.id))) k(word)
      where o.id = any (moved) and o.id >= coalesce((search_rebuilt(o.tenant_id)).comment_id, o.id)
      group by 1, 2, 3, 4
    ) w group by 1, 2, 3, 4 order by 2, 3, 4 loop
    perform drop_words(c.tenant_id, c.number, search_field(c.visibility), c.words, c.times);
  end loop;
  insert into search_long_texts (tenant_id, source_id) select n.tenant_id, n.id from after n
    where n.id = any (moved) and n.id >= coalesce((search_rebuilt(n.tenant_id)).comment_id, n.id)
      and octet_length(n.body) > 2000 and cardinality(search_kept(n.body, 1001)) > 1000;
  for c in select w.tenant_id, w.number, w.visibility, w.times, array_agg(w.word) as words from (
      select n.tenant_id, t.number, n.visibility, k.word, count(*)::integer as times from after n
        join tickets t on t.tenant_id = n.tenant_id and t.id = n.ticket_id
        cross join lateral unnest(search_kept(n.body)) k(word)
      where n.id = any (moved) and n.id >= coalesce((search_rebuilt(n.tenant_id)).comment_id, n.id)
      group by 1, 2, 3, 4
    ) w group by 1, 2, 3, 4 order by 2, 3, 4 loop
    perform keep_words(c.tenant_id, c.number, search_field(c.visibility), c.words, c.times),
      keep_parts(c.tenant_id, c.visibility = 'internal', c.words);
  end loop;
  return null;
end $$;

create trigger index_new after insert on comments referencing new table as added
  for each statement execute function index_added_comments();
create trigger index_gone after delete on comments referencing old table as gone
  for each statement execute function index_gone_comments();
create trigger index_changed after update on comments referencing old table as before new table as after
  for each statement execute function index_changed_comments();

create function index_user() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare
  kept constant text[] := search_kept(new.name || ' ' || new.email);
  before text[];
  t record;
begin
  if tg_op = 'UPDATE' then
    if new.name = old.name and new.email = old.email then
      return null;
    end if;
    delete from search_people where tenant_id = new.tenant_id and user_id = new.id;
    before := search_kept(old.name || ' ' || old.email);
    for t in select k.number from ticket_participants m join tickets k on k.tenant_id = m.tenant_id and k.id = m.ticket_id
        where m.tenant_id = new.tenant_id and m.user_id = new.id and m.kind = 'requester' and k.requester_id = new.id
          and k.number >= coalesce((search_rebuilt(new.tenant_id)).number, 0) order by k.number loop
      perform drop_words(new.tenant_id, t.number, 3, array(select unnest(before) except select unnest(kept)));
      perform keep_words(new.tenant_id, t.number, 3, array(select unnest(kept) except select unnest(before)));
    end loop;
  end if;
  insert into search_people (tenant_id, user_id, word)
    select new.tenant_id, new.id, w from unnest(kept) w on conflict do nothing;
  return null;
end $$;
create trigger index_new after insert or update of name, email on users for each row execute function index_user();

-- One step of what the triggers leave: the newest texts of before, some 100 kB at a time, or 2,000 words of a long text.
-- How far it came is kept with the words. @returns whether there was anything to do.
create function index_more(tenant uuid) returns boolean language plpgsql set search_path = pg_catalog, public as $$
declare
  at search_rebuilds;
  x record;
  last_number bigint := 0;
  last_comment uuid;
begin
  select * into at from search_rebuilds r where r.tenant_id = tenant for update;
  if at.number > 0 then
    for x in select t as ticket, t.number from (
        select k.number, sum(octet_length(k.description)) over (order by k.number desc) - octet_length(k.description) as before
        from (select n.number, n.description from tickets n where n.tenant_id = tenant and n.number < at.number
          order by n.number desc limit 100) k
      ) k join tickets t on t.tenant_id = tenant and t.number = k.number
      where k.before < 100000 order by k.number desc loop
      perform add_ticket_texts(x.ticket);
      last_number := x.number;
    end loop;
    update search_rebuilds set number = last_number where tenant_id = tenant;
    return true;
  end if;
  if at.comment_id is not null then
    for x in select c.id, t.number, c.visibility, c.body from (
        select k.*, sum(octet_length(k.body)) over (order by k.id desc) - octet_length(k.body) as before
        from (select n.id, n.ticket_id, n.visibility, n.body from comments n where n.tenant_id = tenant and n.id < at.comment_id
          order by n.id desc limit 200) k
      ) c join tickets t on t.tenant_id = tenant and t.id = c.ticket_id
      where c.before < 100000 order by c.id desc loop
      perform add_text(tenant, x.id, x.number, search_field(x.visibility), x.body);
      last_comment := x.id;
    end loop;
    if last_comment is null then
      delete from search_rebuilds where tenant_id = tenant;
    else
      update search_rebuilds set comment_id = last_comment where tenant_id = tenant;
    end if;
    return true;
  end if;
  return index_long_text(tenant);
end $$;

-- The next 2,000 words of a long text. @returns whether there was one
create function index_long_text(tenant uuid) returns boolean language plpgsql set search_path = pg_catalog, public as $$
declare
  l search_long_texts;
  t record;
  c record;
  words text[];
begin
  select * into l from search_long_texts x where x.tenant_id = tenant and not x.done order by x.source_id limit 1;
  if not found then
    return false;
  end if;
  -- The ticket before the text, as those do that write in it. What changed meanwhile waits for the next step.
  select x.id, x.number, x.description into t from tickets x where x.tenant_id = tenant and x.id = coalesce(
    (select k.ticket_id from comments k where k.tenant_id = tenant and k.id = l.source_id), l.source_id) for no key update;
  select * into l from search_long_texts x
    where x.tenant_id = tenant and x.source_id = l.source_id and not x.done for update;
  if not found then
    return true;
  end if;
  select k.ticket_id, k.visibility, k.body into c from comments k where k.tenant_id = tenant and k.id = l.source_id;
  if c.ticket_id <> t.id then
    return true;
  end if;
  words := search_kept(coalesce(c.body, t.description), l.kept + 2000);
  perform keep_words(tenant, t.number, case when c is null then 1 else search_field(c.visibility) end, words[l.kept + 1:]);
  update search_long_texts set kept = greatest(l.kept, cardinality(words)), done = cardinality(words) < l.kept + 2000
    where tenant_id = tenant and source_id = l.source_id;
  return true;
end $$;

-- Enters all of a tenant from the beginning.
create function fill_search(tenant uuid) returns void language plpgsql set search_path = pg_catalog, public as $$
begin
  delete from search_postings where tenant_id = tenant;
  delete from search_long_texts where tenant_id = tenant;
  insert into search_people (tenant_id, user_id, word)
    select tenant, u.id, w from users u, unnest(search_kept(u.name || ' ' || u.email)) w where u.tenant_id = tenant
    on conflict do nothing;
  insert into search_rebuilds (tenant_id) values (tenant) on conflict (tenant_id)
    do update set number = excluded.number, comment_id = excluded.comment_id;
  while index_more(tenant) loop end loop;
end $$;

create policy lookup on search_rebuilds for select to servicehub_lookup using (true);
create policy lookup on search_long_texts for select to servicehub_lookup using (true);
grant select (tenant_id) on search_rebuilds to servicehub_lookup;
grant select (tenant_id, done) on search_long_texts to servicehub_lookup;
create function tenants_to_index() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select r.tenant_id from public.search_rebuilds r
  union
  select l.tenant_id from public.search_long_texts l where not l.done
$$;
grant execute on function search_words, search_phones, search_kept, search_kept_of_title, search_field, keep_words,
  drop_words, keep_parts, search_rebuilt, add_text, forget_long_text, change_text, add_ticket_texts, index_more,
  index_long_text, fill_search, tenants_to_index to servicehub_app;
alter function tenants_to_index owner to servicehub_lookup;

-- The owner is under row security too; for the length of this migration it is not. What is there is entered by a job,
-- the newest first: in here, an installation would be down for as long as that takes.
do $$
declare
  name text;
begin
  foreach name in array array['tickets', 'users', 'search_people', 'search_rebuilds'] loop
    execute format('alter table %I no force row level security', name);
  end loop;
  insert into search_rebuilds (tenant_id, number, comment_id)
    select t.tenant_id, max(t.number) + 1, uuidv7() from tickets t group by t.tenant_id;
  insert into search_people (tenant_id, user_id, word)
    select u.tenant_id, u.id, w from users u, unnest(search_kept(u.name || ' ' || u.email)) w
    where octet_length(u.name) <> length(u.name) on conflict do nothing;
  foreach name in array array['tickets', 'users', 'search_people', 'search_rebuilds'] loop
    execute format('alter table %I force row level security', name);
  end loop;
end $$;
