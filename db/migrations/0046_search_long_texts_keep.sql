-- Words are taken away once the long texts are entered too: until then nobody knows which of them say a word.
create or replace function forget_words(tenant uuid, most integer) returns setof text
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  ids uuid[];
  d record;
begin
  if exists (select from public.search_rebuilds r where r.tenant_id = tenant)
      or exists (select from public.search_long_texts l where l.tenant_id = tenant and not l.done)
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
