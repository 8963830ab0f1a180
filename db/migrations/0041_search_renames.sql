-- Whoever takes another name or address has it at once; their tickets are found by it after steps of a bounded size.

-- Tickets of `user_id` up to this one, by their time of creation, have the new words; the others may have the old ones.
create table search_renames (
  tenant_id uuid not null,
  id uuid not null default uuidv7(),
  user_id uuid not null,
  old_name text not null,
  old_email text not null,
  created_at timestamptz(3) not null default '-infinity',
  ticket_id uuid not null default '00000000-0000-0000-0000-000000000000',
  primary key (tenant_id, id)
);
create index search_renames_by_user on search_renames (tenant_id, user_id);
select protect_table('search_renames', 'select, insert, update, delete');

-- Whichever of the two words a ticket has, it has those of today afterwards: a step may come twice, and in any order.
create function rename_requester(tenant uuid, person uuid, old_name text, old_email text, numbers bigint[]) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  k record;
begin
  for k in select v.* from public.users u
      cross join lateral (values (3, search_kept(old_name), search_kept(u.name)),
        (4, search_kept(old_email), search_kept(u.email))) v(field, before, after)
      where u.tenant_id = tenant and u.id = person loop
    delete from public.search_postings p where p.tenant_id = tenant and p.field = k.field and p.number = any (numbers)
      and p.word = any (array(select unnest(k.before) except select unnest(k.after)));
    insert into public.search_postings (tenant_id, number, field, word)
      select tenant, n, k.field, w from unnest(k.after) w, unnest(numbers) n order by w, n on conflict do nothing;
  end loop;
end $$;

-- The next tickets of a rename, `most` of them. What somebody else is writing in is left for the next step, so that nobody
-- waits. @returns whether anything was done
create function index_rename(tenant uuid, rename uuid, most integer) returns boolean
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  r public.search_renames;
  x record;
  entered_from bigint;
  numbers bigint[] := '{}';
  seen integer := 0;
  waits boolean := false;
begin
  select * into r from public.search_renames s where s.tenant_id = tenant and s.id = rename for update skip locked;
  if not found then
    return false;
  end if;
  entered_from := coalesce((search_rebuilt(tenant)).number, 0);
  for x in select m.created_at, m.ticket_id, k.number, k.requester_id from (
        select p.created_at, p.ticket_id from public.ticket_participants p
        where p.tenant_id = tenant and p.user_id = r.user_id and p.kind = 'requester'
          and (p.created_at, p.ticket_id) > (r.created_at, r.ticket_id)
        order by p.created_at, p.ticket_id limit most
      ) m
      left join lateral (select t.number, t.requester_id from public.tickets t
        where t.tenant_id = tenant and t.id = m.ticket_id limit 1 for no key update skip locked) k on true
      order by m.created_at, m.ticket_id loop
    waits := x.number is null;
    exit when waits;
    seen := seen + 1;
    r.created_at := x.created_at;
    r.ticket_id := x.ticket_id;
    -- The others are entered with the name of today.
    if x.requester_id = r.user_id and x.number >= entered_from then
      numbers := numbers || x.number;
    end if;
  end loop;
  perform rename_requester(tenant, r.user_id, r.old_name, r.old_email, numbers);
  if seen < most and not waits then
    delete from public.search_renames s where s.tenant_id = tenant and s.id = rename;
    return true;
  end if;
  update public.search_renames s set created_at = r.created_at, ticket_id = r.ticket_id
    where s.tenant_id = tenant and s.id = rename;
  return seen > 0;
end $$;

-- Those that most people have are entered at once.
create or replace function index_user() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  rename uuid;
begin
  if tg_op = 'UPDATE' then
    if new.name = old.name and new.email = old.email then
      return null;
    end if;
    delete from public.search_people where tenant_id = new.tenant_id and user_id = new.id;
    insert into public.search_renames (tenant_id, user_id, old_name, old_email)
      values (new.tenant_id, new.id, old.name, old.email) returning id into rename;
    perform index_rename(new.tenant_id, rename, 20);
  end if;
  insert into public.search_people (tenant_id, user_id, word)
    select new.tenant_id, new.id, w from unnest(search_kept(new.name || ' ' || new.email)) w on conflict do nothing;
  return null;
end $$;

-- The words that a ticket may have of a requester: those of today, and of before where that isn't through yet.
create function search_requester_entered(tenant uuid, requester uuid) returns table (field integer, words text[])
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select k.field, array_agg(distinct k.word) from (
    select q.field, q.word from public.search_requester(tenant, requester) q
    union all
    select 3, w from public.search_renames r, unnest(public.search_kept(r.old_name)) w
      where r.tenant_id = tenant and r.user_id = requester
    union all
    select 4, w from public.search_renames r, unnest(public.search_kept(r.old_email)) w
      where r.tenant_id = tenant and r.user_id = requester
  ) k group by k.field
$$;
grant execute on function rename_requester, index_rename, search_requester_entered to servicehub_app;

create or replace function index_ticket() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
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
    for person in select * from search_requester_entered(old.tenant_id, old.requester_id) loop
      perform drop_words(new.tenant_id, new.number, person.field, person.words);
    end loop;
    for person in select k.field, array_agg(k.word) as words
        from search_requester(new.tenant_id, new.requester_id) k group by k.field loop
      perform keep_words(new.tenant_id, new.number, person.field, person.words);
    end loop;
  end if;
  return null;
end $$;
drop function change_words;

create policy lookup on search_renames for select to servicehub_lookup using (true);
grant select (tenant_id) on search_renames to servicehub_lookup;
set local role servicehub_lookup;
create or replace function tenants_to_index() returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select r.tenant_id from public.search_rebuilds r where (select public.require_system())
  union
  select l.tenant_id from public.search_long_texts l where (select public.require_system()) and not l.done
  union
  select n.tenant_id from public.search_renames n where (select public.require_system())
$$;
reset role;

-- One step of what the triggers leave: tickets of whoever took another name, the newest texts of before, some 20 kB at a
-- time, or 2,000 words of a long text. How far it came is kept with the words. Whoever writes in the organisation waits for
-- a step of the second kind, so it is short. @returns whether there was anything to do.
create or replace function index_more(tenant uuid) returns boolean
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  at public.search_rebuilds;
  x record;
  last_number bigint := 0;
  last_comment uuid;
begin
  select s.id into x from public.search_renames s where s.tenant_id = tenant order by s.id limit 1 for update skip locked;
  if found and index_rename(tenant, x.id, 100) then
    return true;
  end if;
  select * into at from public.search_rebuilds r where r.tenant_id = tenant for update;
  if at.number > 0 then
    for x in select t as ticket, t.number from (
        select k.number, sum(octet_length(k.description)) over (order by k.number desc) - octet_length(k.description) as before
        from (select n.number, n.description from public.tickets n where n.tenant_id = tenant and n.number < at.number
          order by n.number desc limit 25) k
      ) k join public.tickets t on t.tenant_id = tenant and t.number = k.number
      where k.before < 20000 order by k.number desc loop
      perform add_ticket_texts(x.ticket);
      last_number := x.number;
    end loop;
    update public.search_rebuilds set number = last_number where tenant_id = tenant;
    return true;
  end if;
  if at.comment_id is not null then
    for x in select c.id, t.number, c.visibility, c.body from (
        select k.*, sum(octet_length(k.body)) over (order by k.id desc) - octet_length(k.body) as before
        from (select n.id, n.ticket_id, n.visibility, n.body from public.comments n
          where n.tenant_id = tenant and n.id < at.comment_id order by n.id desc limit 50) k
      ) c join public.tickets t on t.tenant_id = tenant and t.id = c.ticket_id
      where c.before < 20000 order by c.id desc loop
      perform add_text(tenant, x.id, x.number, search_field(x.visibility), x.body);
      last_comment := x.id;
    end loop;
    if last_comment is null then
      delete from public.search_rebuilds where tenant_id = tenant;
    else
      update public.search_rebuilds set comment_id = last_comment where tenant_id = tenant;
    end if;
    return true;
  end if;
  return index_long_text(tenant);
end $$;
