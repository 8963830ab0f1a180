import type pg from "pg";
import { progress } from "./print.ts";
import { dropIndexes, pick, type Plan, seed, type SeededTenant } from "./seed.ts";

/** Texts that tickets and comments take theirs from; the mix of three or four makes each ticket's own. */
const POOL = 50_000;
/** Different words: the n-th most frequent is said 1/n as often as the first, as in any language. */
const VOCABULARY = 20_000;
const COMMENTS = 3;

/** The words of the bench, the most frequent first: made of syllables, so that beginnings are shared as in real ones. */
export const WORDS: string[] = makeWords();

function makeWords(): string[] {
  const syllables =
    "pri ser con net mo pa lo ka in re ter ver mail da ba se to ri na li ac ce sou ti on er um es ta ne"
      .split(" ");
  const random = randomFrom(7);
  const words = new Set<string>();
  while (words.size < VOCABULARY) {
    const length = 2 + Math.floor(random() * 3);
    words.add(
      Array.from({ length }, () => syllables[Math.floor(random() ** 1.5 * syllables.length)]).join(""),
    );
  }
  return [...words];
}

/** Numbers from 0 below 1 that follow from `seed` (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const TITLE = pick("i * 13 + 3", String(POOL));
const DESCRIPTION = pick("i * 17 + 4", String(POOL));
const comment = (c: string) => pick(`i * 19 + ${c}`, String(POOL));

/**
 * Fills 20 tenants with tickets and three comments each, their words entered as the triggers would have done.
 *
 * @param tickets of all tenants together; four fifths of them are four tenants'
 */
export async function seedSearch(admin: pg.Client, tickets: number): Promise<SeededTenant[]> {
  await fillPool(admin);
  const texts = {
    title: `(select p.title from bench_pool p where p.n = ${TITLE})`,
    description: `(select p.description from bench_pool p where p.n = ${DESCRIPTION})`,
  };
  const plans: Plan[] = [
    { tenants: 4, tickets: tickets / 5, silent: true, texts },
    { tenants: 16, tickets: tickets / 80, silent: true, texts },
  ];
  const rebuild = await dropIndexes(admin, ["tickets", "ticket_participants", "ticket_tags", "comments"]);
  const tenants = await seed(admin, plans, "-");
  progress("filled tickets");
  const { rows: [key] } = await admin.query<{ definition: string }>(
    "select pg_get_constraintdef(oid) as definition from pg_constraint where conname = 'search_postings_pkey'",
  );
  await admin.query("alter table search_postings drop constraint search_postings_pkey");
  await admin.query("set session_replication_role = replica; set synchronous_commit = off");
  for (const { id } of tenants) await seedTenant(admin, id);
  await admin.query("reset session_replication_role; reset synchronous_commit");
  progress("filled comments and words");
  await admin.query(`alter table search_postings add constraint search_postings_pkey ${key!.definition}`);
  await rebuild();
  await admin.query("drop table bench_pool");
  await admin.query("checkpoint");
  return tenants;
}

async function fillPool(admin: pg.Client): Promise<void> {
  await admin.query(`create table bench_pool (n int, title text, description text, comment text,
    title_words text[], description_words text[], comment_words text[])`);
  const random = randomFrom(11);
  const text = (words: number) =>
    Array.from({ length: words }, () => WORDS[Math.floor(VOCABULARY ** random()) - 1]).join(" ");
  const list = (words: number) => Array.from({ length: POOL }, () => text(words));
  await admin.query(
    `insert into bench_pool (n, title, description, comment)
     select n - 1, t, d, c from unnest($1::text[], $2::text[], $3::text[]) with ordinality x(t, d, c, n)`,
    [list(6), list(20), list(14)],
  );
  await admin.query(`update bench_pool set title_words = search_kept_of_title(title),
    description_words = search_kept(description), comment_words = search_kept(comment)`);
  await admin.query("create index bench_pool_n on bench_pool (n)");
  await admin.query("vacuum analyze bench_pool");
}

async function seedTenant(admin: pg.Client, id: string): Promise<void> {
  await admin.query(
    `insert into comments (tenant_id, id, ticket_id, author_id, visibility, body, created_at)
     select t.tenant_id, uuidv7(at - now()), t.id, t.requester_id,
       case when c = 3 and i % 3 = 0 then 'internal' else 'public' end, p.comment, at
     from (select *, (number - 1000)::int as i from tickets where tenant_id = $1) t
     cross join generate_series(1, ${COMMENTS}) c
     cross join lateral (select t.created_at + c * interval '10 minutes' as at) a
     join bench_pool p on p.n = ${comment("c")}`,
    [id],
  );
  await admin.query(
    `insert into search_postings (tenant_id, number, field, word)
     select $1, t.number, w.field, w.word
     from (select number, (number - 1000)::int as i, requester_id from tickets where tenant_id = $1) t
     join bench_pool title on title.n = ${TITLE}
     join bench_pool said on said.n = ${DESCRIPTION}
     join bench_pool one on one.n = ${comment("1")}
     join bench_pool two on two.n = ${comment("2")}
     join bench_pool three on three.n = ${comment("3")}
     join users u on u.tenant_id = $1 and u.id = t.requester_id
     cross join lateral (
       select 0 as field, unnest(title.title_words) as word
       union all
       select distinct 1, unnest(said.description_words || one.comment_words || two.comment_words
         || case when i % 3 = 0 then '{}' else three.comment_words end)
       union all
       select 2, unnest(three.comment_words) where i % 3 = 0
       union all
       select r.field, r.word from search_requester(u.tenant_id, u.id) r
     ) w`,
    [id],
  );
  await admin.query(
    `insert into search_vocabulary (tenant_id, word)
     select distinct $1::uuid, w from bench_pool, unnest(title_words) w where w !~ '^\\^' and length(w) between 4 and 24`,
    [id],
  );
  await admin.query(
    `insert into search_parts (tenant_id, internal, part, word)
     select $1, false, substr(w, i), w
     from (select distinct unnest(title_words || description_words || comment_words) as w from bench_pool) k,
       generate_series(1, length(w) - 3) i
     where length(w) between 8 and 40 and w !~ '^\\^'`,
    [id],
  );
  await admin.query(
    `insert into search_people (tenant_id, user_id, word)
     select $1, u.id, w from users u, unnest(search_kept(u.name || ' ' || u.email)) w where u.tenant_id = $1`,
    [id],
  );
}
