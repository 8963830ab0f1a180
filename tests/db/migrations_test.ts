import assert from "node:assert/strict";
import type pg from "pg";
import type { DatabaseOptions } from "@/db/database.ts";
import { readMigrations } from "@/db/migrate.ts";
import { asSuperuser, currentCluster, DOOR_SECRET, targetOf } from "@/tests/helpers/cluster.ts";
import { until } from "@/tests/process/support.ts";
import { migrator, outcome } from "./migrators.ts";

const cluster = currentCluster();
const NAMES = (await readMigrations()).map(({ name }) => name);

/** A database of its own without anything in it, and how to open it. */
async function empty(): Promise<{ name: string; options: DatabaseOptions }> {
  const name = `empty_${crypto.randomUUID().replaceAll("-", "")}`;
  await asSuperuser(cluster, "postgres", (client) => client.query(`create database ${name}`));
  return {
    name,
    options: { target: targetOf(cluster, name), admin: { user: cluster.superuser }, doorSecret: DOOR_SECRET },
  };
}

async function look<Row extends pg.QueryResultRow>(database: string, text: string): Promise<Row[]> {
  return await asSuperuser(cluster, database, async (client) => (await client.query<Row>(text)).rows);
}

const applied = async (database: string) =>
  (await look<{ name: string }>(database, "select name from migrations order by applied_at, name")).map((
    { name },
  ) => name);

/** The product's migrations in a folder of their own, with more files. */
async function folderWith(more: Record<string, string>): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "servicehub-migrations-" });
  for (const { name, text } of await readMigrations()) await Deno.writeTextFile(`${folder}/${name}`, text);
  for (const [name, text] of Object.entries(more)) await Deno.writeTextFile(`${folder}/${name}`, text);
  return folder;
}

/** The product's migrations whose numbers are below `end`. */
async function folderBefore(end: string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "servicehub-migrations-" });
  for (const { name, text } of await readMigrations()) {
    if (name < end) await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  return folder;
}

Deno.test("migrations are numbered one by one", () => {
  assert.deepEqual(NAMES.map((name) => Number(name.slice(0, 4))), NAMES.map((_, i) => i + 1));
});

Deno.test("REL-18 six processes that migrate an empty database at once all succeed, and each file runs once", async () => {
  const { name, options } = await empty();
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => outcome(migrator(options))));
  assert.deepEqual(outcomes.map(({ code }) => code), [0, 0, 0, 0, 0, 0], JSON.stringify(outcomes));
  assert.deepEqual(outcomes.flatMap(({ said }) => said), NAMES);
  assert.deepEqual(await applied(name), NAMES);
  const again = await outcome(migrator(options));
  assert.deepEqual(again, { code: 0, said: [] });
  const [owner] = await look<{ all: string }>(
    name,
    "select string_agg(distinct tableowner, ',') as all from pg_tables where schemaname = 'public'",
  );
  assert.equal(owner!.all, "servicehub_owner");
});

Deno.test("REL-18 a process that is killed in the middle of a migration leaves whole files only, and the next resumes", async () => {
  const { name, options } = await empty();
  const half = "create table half (id int); select pg_sleep(%); create table other_half (id int);";
  const folder = await folderWith({
    "9001_before.sql": "create table before (id int)",
    "9002_slow.sql": half.replace("%", "2"),
  });
  try {
    assert.equal((await outcome(migrator(options))).code, 0);
    const child = migrator({ ...options, folder });
    await until(
      async () =>
        (await look(
          name,
          "select 1 from pg_stat_activity where query like '%pg_sleep(2)%' and pid <> pg_backend_pid()",
        ))
          .length > 0,
      10_000,
    );
    child.kill("SIGKILL");
    await child.output();
    assert.deepEqual((await applied(name)).slice(-2), [NAMES.at(-1)!, "9001_before.sql"]);
    // It waits for the lock that the killed one's connection still holds.
    const next = await outcome(migrator({ ...options, folder }));
    assert.deepEqual(next, { code: 0, said: ["9002_slow.sql"] });
    const [made] = await look<{ n: number }>(
      name,
      "select count(*)::int as n from pg_tables where tablename like '%half'",
    );
    assert.equal(made!.n, 2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("A migration that fails is rolled back whole, and those before it stay", async () => {
  const { name, options } = await empty();
  assert.equal((await outcome(migrator(options))).code, 0);
  const bad = {
    "9001_good.sql": "create table good (id int)",
    "9002_bad.sql": "create table bad (id int); select 1 / 0",
  };
  const folder = await folderWith(bad);
  try {
    const { code, said } = await outcome(migrator({ ...options, folder }));
    assert.equal(code, 1);
    assert.match(said.error, /division by zero/);
    assert.equal((await applied(name)).at(-1), "9001_good.sql");
    assert.deepEqual(await look(name, "select 1 from pg_tables where tablename = 'bad'"), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("A file that was changed after it was applied, and a database that is ahead, are refused with a line each", async () => {
  const { name, options } = await empty();
  assert.equal((await outcome(migrator(options))).code, 0);
  const before = await look(name, "select * from migrations order by name");
  const folder = await folderWith({ [NAMES[1]!]: "select 'changed'" });
  try {
    assert.deepEqual(await outcome(migrator({ ...options, folder })), {
      code: 1,
      said: { error: `Cannot migrate: "${NAMES[1]}" was changed after it was applied` },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  assert.deepEqual(await look(name, "select * from migrations order by name"), before);
  await look(name, "insert into migrations (name, checksum) values ('9999_later.sql', 'x')");
  assert.deepEqual(await outcome(migrator(options)), {
    code: 1,
    said: { error: 'Cannot start: the database is newer than this version: it has "9999_later.sql"' },
  });
});

Deno.test("tickets that are there already are counted by queue and state when a database is brought up to date", async () => {
  const { name, options } = await empty();
  const folder = await folderBefore("0006");
  try {
    assert.deepEqual(await outcome(migrator({ ...options, folder })), { code: 0, said: NAMES.slice(0, 5) });
    await look(
      name,
      `with t as (insert into tenants (slug, name) values ('old', 'Old') returning id),
        u as (insert into users (tenant_id, name, email, role, password_hash)
          select id, 'Ada', 'ada@old.example', 'ADMIN', 'x' from t returning tenant_id, id)
        insert into tickets (tenant_id, number, type, title, description, status, impact, urgency, priority,
          requester_id, assignee_id, source)
        select tenant_id, n, 'incident', 'Old', '', 'new', 'low', 'low', 'low', id,
          case when n = 1 then id end, 'api' from u, generate_series(1, 3) n`,
    );
    assert.deepEqual(await outcome(migrator(options)), { code: 0, said: NAMES.slice(5) });
    const kept = await look(
      name,
      `select sum(delta)::integer as total, sum(unassigned)::integer as unassigned from ticket_count_deltas
        where status = 'new'`,
    );
    assert.deepEqual(kept, [{ total: 3, unassigned: 2 }]);
    const open = await look(
      name,
      "select relname from pg_class where relrowsecurity and not relforcerowsecurity",
    );
    assert.deepEqual(open, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what merges of the last day brought is known when a database is brought up to date, so undoing them removes just that", async () => {
  const { name, options } = await empty();
  const folder = await folderBefore("0022");
  try {
    assert.equal((await outcome(migrator({ ...options, folder }))).code, 0);
    await look(
      name,
      `insert into tenants (slug, name) values ('one', 'One'), ('two', 'Two');
      insert into users (tenant_id, name, email, role, password_hash)
        select id, who, who || '@' || slug || '.example', 'AGENT', 'x'
        from tenants, unnest(array['req', 'brought', 'own', 'early', 'undone']) who;
      insert into tickets (tenant_id, number, type, title, description, status, impact, urgency, priority,
          requester_id, source)
        select u.tenant_id, n, 'incident', 'T' || n, '', 'new', 'low', 'low', 'low', u.id, 'api'
        from users u, generate_series(1, 4) n where u.name = 'req';
      -- Into ticket 1: 2 an hour ago, 3 two days ago, and 4, which was undone.
      insert into ticket_merges (tenant_id, source_id, target_id, actor_id, source_was, comment_ids, attachment_ids,
          watcher_ids, tags, created_at, undone_at, undone_by)
        select t.tenant_id, t.id, target.id, req.id, '{}', '{}', '{}', array[person.id, req.id], array[m.tag],
          now() - m.ago, case when m.undone then now() end, case when m.undone then req.id end
        from (values (2, 'brought', interval '1 hour', false), (3, 'early', interval '2 days', false),
          (4, 'undone', interval '1 hour', true)) m (number, tag, ago, undone)
        join tickets t on t.number = m.number
        join tickets target on target.tenant_id = t.tenant_id and target.number = 1
        join users req on req.tenant_id = t.tenant_id and req.name = 'req'
        join users person on person.tenant_id = t.tenant_id and person.name = m.tag;
      insert into ticket_participants (tenant_id, ticket_id, user_id, kind, status, created_at, updated_at)
        select t.tenant_id, t.id, u.id, 'watcher', t.status, t.created_at, t.updated_at
        from tickets t join users u on u.tenant_id = t.tenant_id where t.number in (1, 2) and u.name <> 'req';
      insert into ticket_tags (tenant_id, ticket_id, tag)
        select t.tenant_id, t.id, tag from tickets t, unnest(array['brought', 'own', 'early', 'undone']) tag
        where t.number in (1, 2)`,
    );
    assert.deepEqual(await outcome(migrator(options)), {
      code: 0,
      said: NAMES.filter((file) => file >= "0022"),
    });
    // By itself, earlier or undone: null. What the source has stays its own, and so does the requester of the target.
    const kept = await look(
      name,
      `select n.slug, t.number, p.what, m.number as from from (
          select tenant_id, ticket_id, merged_from, 'tag ' || tag as what from ticket_tags
          union all
          select p.tenant_id, p.ticket_id, p.merged_from, p.kind || ' ' || u.name from ticket_participants p
          join users u on u.tenant_id = p.tenant_id and u.id = p.user_id
        ) p
        join tenants n on n.id = p.tenant_id
        join tickets t on t.tenant_id = p.tenant_id and t.id = p.ticket_id and t.number in (1, 2)
        join tickets m on m.tenant_id = p.tenant_id and m.id = p.merged_from
        order by 1, 2, 3`,
    );
    const brought = (slug: string) =>
      ["tag brought", "watcher brought"].map((what) => ({ slug, number: 1, what, from: 2 }));
    assert.deepEqual(kept, [...brought("one"), ...brought("two")]);
    const [all] = await look<{ tags: number; people: number }>(
      name,
      `select (select count(*)::int from ticket_tags) as tags,
        (select count(*)::int from ticket_participants where kind = 'watcher') as people`,
    );
    assert.deepEqual(all, { tags: 16, people: 16 });
    const open = await look(
      name,
      "select relname from pg_class where relrowsecurity and not relforcerowsecurity",
    );
    assert.deepEqual(open, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("A3 existing organisations get a default queue, and nobody is notified of what was before", async () => {
  const { name, options } = await empty();
  const folder = await folderBefore("0026");
  try {
    assert.equal((await outcome(migrator({ ...options, folder }))).code, 0);
    await look(
      name,
      `insert into tenants (slug, name) values ('seeded', 'S'), ('own', 'O'), ('none', 'N'), ('archived', 'A');
      insert into queues (tenant_id, name, created_at, archived_at)
        select t.id, q.name, q.at, case when q.archived then now() end
        from (values ('seeded', 'Network', timestamptz '2026-01-01', false),
          ('seeded', 'Service desk', '2026-02-01', false), ('own', 'Second line', '2026-02-01', false),
          ('own', 'First line', '2026-01-01', false), ('own', 'Oldest', '2025-01-01', true),
          ('archived', 'Service Desk', '2026-01-01', true)) q (slug, name, at, archived)
        join tenants t on t.slug = q.slug`,
    );
    assert.equal((await outcome(migrator(options))).code, 0);
    assert.deepEqual(
      await look(
        name,
        `select t.slug, q.name, q.archived_at is null as active from tenants t
          join queues q on q.tenant_id = t.id and q.id = t.default_queue_id order by 1`,
      ),
      [
        { slug: "archived", name: "Service Desk", active: true },
        { slug: "none", name: "Service desk", active: true },
        { slug: "own", name: "First line", active: true },
        { slug: "seeded", name: "Service desk", active: true },
      ],
    );
    assert.deepEqual(await look(name, "select 1 from notifications union all select 1 from outbox"), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
