-- Words with hyphens are found without them too: Wi-Fi as wifi, E-Mail-Adresse as email and emailadresse, COVID-19 as
-- covid19. Of two to five parts each two that stand together, and all; in the order of the text.
create function search_joined(folded text) returns table (word text, place bigint)
language sql immutable strict parallel safe set search_path = pg_catalog, public as $$
  select left(j.word, 40), c.place
  from unnest(string_to_array(regexp_replace(folded,
      '[^[:alnum:]\u0900-\u0dff\u2010\u2011-]+' collate pg_unicode_fast, ' ', 'g'), ' ')) with ordinality c(said, place)
  cross join lateral (select string_to_array(translate(btrim(c.said, U&'-\2010\2011'), U&'\2010\2011', '--'), '-') as parts
    where length(c.said) between 3 and 80 and c.said ~ '[-\u2010\u2011]') p
  cross join lateral (
    select p.parts[i] || p.parts[i + 1] as word from generate_series(1, cardinality(p.parts) - 1) i
    union select array_to_string(p.parts, '')
  ) j
  where cardinality(p.parts) between 2 and 5 and '' <> all (p.parts)
    and j.word ~ '[[:alpha:]]' collate pg_unicode_fast
    and j.word !~ '[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]'
$$;
grant execute on function search_joined to servicehub_app;

create or replace function search_kept(source text, most integer default 1000) returns text[]
language plpgsql immutable strict parallel safe set search_path = pg_catalog, public as $$
begin
  if source !~ '[0-9]' and octet_length(source) = length(source) then
    return array(
      select k.word from (
        select left(s.piece, 40) as word, s.place
        from unnest(string_to_array(regexp_replace(lower(source collate pg_unicode_fast), '[^a-z]+', ' ', 'g'), ' '))
          with ordinality s(piece, place)
        where s.piece <> ''
        union all select j.word, j.place from search_joined(lower(source collate pg_unicode_fast)) j
          where source ~ '[A-Za-z]-[A-Za-z]'
      ) k
      group by k.word order by min(k.place), k.word limit most);
  end if;
  return array(
    with said as (select w.word, min(w.place) as place from search_words(source, true) w group by w.word)
    select k.word from (
      select s.word, s.place from said s
      union all select ltrim(s.word, '0'), s.place from said s where s.word ~ '^0+[1-9][0-9]*$'
      union all select j.word, j.place from search_joined(search_folded(source)) j where source ~ '[-\u2010\u2011]'
      union all select p, 0 from search_phones(source) p
    ) k
    group by k.word order by min(k.place), k.word limit most);
end $$;

-- All is entered anew by the job, as after any change of what is entered.
truncate search_postings, search_long_texts;
alter table tickets no force row level security;
alter table users no force row level security;
alter table search_people no force row level security;
alter table search_rebuilds no force row level security;
insert into search_rebuilds (tenant_id, number, comment_id)
  select t.tenant_id, max(t.number) + 1, uuidv7() from tickets t group by t.tenant_id
  on conflict (tenant_id) do update set number = excluded.number, comment_id = excluded.comment_id;
insert into search_people (tenant_id, user_id, word)
  select u.tenant_id, u.id, w from users u, unnest(search_kept(u.name || ' ' || u.email)) w
  where u.name || u.email ~ '[-\u2010\u2011]' on conflict do nothing;
alter table tickets force row level security;
alter table users force row level security;
alter table search_people force row level security;
alter table search_rebuilds force row level security;
