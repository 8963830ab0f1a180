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
