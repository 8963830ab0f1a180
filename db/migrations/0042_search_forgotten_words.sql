-- Words of texts that are gone, were changed or made unreadable go from the index's lists of words as well.

-- Words that were taken out of a text; whether others still say them, the clean-up finds out. `field` as in
-- search_postings. Without a key of its own for each word, so that no writer waits for another.
create table search_dropped_words (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  field smallint not null,
  word text collate "C" not null,
  primary key (tenant_id, id)
);
select protect_table('search_dropped_words', 'select, insert, update, delete');
select hide_internal_rows('search_dropped_words', 'field = 2');
grant delete on search_parts, search_vocabulary to servicehub_app;

-- Held shared by whoever enters words, until the commit, and alone by who takes them away.
create function words_lock(tenant uuid) returns bigint
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select hashtextextended('words of ' || tenant, 0)
$$;

create or replace function drop_words(tenant uuid, ticket bigint, kept_in integer, words text[], times integer default 1)
returns void language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  with gone as (
    delete from public.search_postings p where p.tenant_id = tenant and p.word = any (words) and p.field = kept_in
      and p.number = ticket and p.texts <= times
    returning p.word
  )
  insert into public.search_dropped_words (tenant_id, field, word)
    select tenant, kept_in, g.word from gone g
    where kept_in <= 2 and length(g.word) between case kept_in when 0 then 4 else 8 end and 40 and g.word !~ '[0-9^+]';
  update public.search_postings p set texts = p.texts - times where p.tenant_id = tenant and p.word = any (words)
    and p.field = kept_in and p.number = ticket;
end $$;

create or replace function keep_parts(tenant uuid, hidden boolean, words text[]) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(words_lock(tenant));
  insert into public.search_parts (tenant_id, internal, part, word)
    select tenant, hidden, substr(n.w, i), n.w from (
      select w from unnest(words) w
        left join lateral (select true as known from public.search_parts p
          where p.tenant_id = tenant and p.internal = hidden and p.part = w and p.word = w limit 1) k on true
      where length(w) between 8 and 40 and w !~ '[0-9^+]' and k.known is null
      limit 100
    ) n, generate_series(1, length(n.w) - 3) i
    order by 3, 4 on conflict do nothing;
end $$;

create or replace function keep_vocabulary(tenant uuid, words text[]) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(words_lock(tenant));
  insert into public.search_vocabulary (tenant_id, word)
    select tenant, w from unnest(words) w
      left join lateral (select true as known from public.search_vocabulary v
        where v.tenant_id = tenant and v.word = w limit 1) k on true
    where length(w) between 4 and 24 and w !~ '[0-9^+]' and k.known is null
    order by w on conflict do nothing;
end $$;

-- Takes away what was dropped and no text says any more, `most` words. Nothing while the index is made anew, when it
-- doesn't know all texts, or while somebody enters words: it comes again. @returns the words that were looked at
create function forget_words(tenant uuid, most integer) returns setof text
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  ids uuid[];
  d record;
begin
  if exists (select from public.search_rebuilds r where r.tenant_id = tenant)
      or not pg_try_advisory_xact_lock(words_lock(tenant)) then
    return;
  end if;
  -- Statements from here on see all that was entered before the lock.
  ids := array(select w.id from public.search_dropped_words w where w.tenant_id = tenant order by w.id limit most);
  for d in select distinct w.word, w.field = 0 as titled, w.field = 2 as hidden from public.search_dropped_words w
      where w.tenant_id = tenant and w.id = any (ids) loop
    if d.titled and not exists (select from public.search_postings p
        where p.tenant_id = tenant and p.word = d.word and p.field = 0) then
      delete from public.search_vocabulary v where v.tenant_id = tenant and v.word = d.word;
    end if;
    if length(d.word) >= 8 and not exists (select from public.search_postings p
        where p.tenant_id = tenant and p.word = d.word and p.field = any (case when d.hidden then '{2}' else '{0,1}' end::integer[])) then
      delete from public.search_parts p where p.tenant_id = tenant and p.internal = d.hidden and p.word = d.word
        and p.part = any (array(select substr(d.word, i) from generate_series(1, length(d.word) - 3) i));
    end if;
  end loop;
  return query delete from public.search_dropped_words w where w.tenant_id = tenant and w.id = any (ids) returning w.word;
end $$;
grant execute on function words_lock, forget_words to servicehub_app;

-- What was left behind until now is looked at once.
alter table search_parts no force row level security;
alter table search_vocabulary no force row level security;
alter table search_dropped_words no force row level security;
insert into search_dropped_words (tenant_id, field, word)
  select p.tenant_id, case when p.internal then 2 else 1 end, p.word from search_parts p where p.part = p.word
  union all
  select v.tenant_id, 0, v.word from search_vocabulary v;
alter table search_parts force row level security;
alter table search_vocabulary force row level security;
alter table search_dropped_words force row level security;
