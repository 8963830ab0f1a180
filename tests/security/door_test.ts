/** What servicehub_app can do with SQL of its own, as an injection would have it: by a connection, and through the pool. */
import pg from "pg";
import { clientConfig } from "@/db/connect.ts";
import { type Claim, inSystem, inTenant } from "@/db/door.ts";
import { closePool, openPool } from "@/db/pool.ts";
import { raw, sql } from "@/db/sql.ts";
import { assert, assertEquals, assertRejects } from "@/tests/helpers/assert.ts";
import { currentCluster, DOOR_SECRET, openClone, targetOf } from "@/tests/helpers/cluster.ts";

const cluster = currentCluster();
const clone = await openClone(cluster);
const target = targetOf(cluster, clone.database);
Deno.test.afterAll(() => clone.drop());

const [a, b] = (await clone.look<{ id: string }>(
  "insert into tenants (slug, name) values ('a-works', 'A'), ('b-works', 'B') returning id",
)).map(({ id }) => id) as [string, string];
await clone.look(
  `insert into users (tenant_id, name, email, role, password_hash)
    select id, 'Ada', 'ada@' || slug || '.example', 'ADMIN', 'x' from tenants`,
);
const [{ session, person }] = await clone.look<{ session: string; person: string }>(
  `insert into sessions (tenant_id, user_id, secret_hash, expires_at)
    select tenant_id, id, sha256('x'), now() + interval '1 day' from users where tenant_id = $1
    returning id as session, user_id as person`,
  [b],
) as [{ session: string; person: string }];

/** A connection of the application's role that isn't the process's. */
async function asApp<T>(fn: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(clientConfig(target, { user: "servicehub_app" }));
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}

/** Runs statements in one transaction. @returns the rows of the last, or the SQLSTATE of the first that fails */
async function attempt(client: pg.Client, ...statements: [text: string, values?: unknown[]][]) {
  await client.query("begin");
  try {
    let rows: Record<string, unknown>[] = [];
    for (const [text, values] of statements) rows = (await client.query(text, values)).rows;
    return rows;
  } catch (error) {
    return (error as pg.DatabaseError).code;
  } finally {
    await client.query("rollback");
  }
}

const SEEN =
  "select (select count(*) from users) + (select count(*) from sessions) + (select count(*) from tenants) as n";
const NOTHING = [{ n: 0 }];

Deno.test("V7 SQL of the application's role opens no organisation without the process's secret", async (t) => {
  await asApp(async (client) => {
    const ways: Record<string, [text: string, values?: unknown[]]> = {
      "the setting by itself": [
        "select set_config('app.tenant_id', $1, true), set_config('app.staff', 'on', true)",
        [b],
      ],
      "the system's entry": ["select * from enter_system($1)", [b]],
      "a proof of one's own making": [
        "select set_config('app.tenant_id', $1, true), set_config('app.proof', encode(sha256(uuid_send($1::uuid)), 'hex'), true)",
        [b],
      ],
    };
    for (const [what, way] of Object.entries(ways)) {
      await t.step(what, async () => assertEquals(await attempt(client, way, [SEEN]), NOTHING));
    }
    await t.step("a session that a token would name, a person that a mail would", async () => {
      assertEquals(await attempt(client, ["select * from enter($1, $2, null)", [b, session]]), "SH401");
      assertEquals(await attempt(client, ["select * from enter_person($1, $2)", [b, person]]), "SH401");
    });
    await t.step("a secret that is guessed", async () => {
      for (const secret of ["", null, `${DOOR_SECRET} `]) {
        assertEquals(await attempt(client, ["select open_door($1, $2)", [secret, b]]), "SH403");
      }
      assertEquals(await attempt(client, ["select * from door"]), "42501");
      assertEquals(await attempt(client, ["select door_proof('x', $1)", [b]]), "42501");
    });
    const opened: [string, unknown[]] = ["select enter_system(open_door($1, $2))", [DOOR_SECRET, a]];
    await t.step("another organisation from within one", async () => {
      assertEquals(await attempt(client, opened, [SEEN]), [{ n: 2 }]);
      for (const [what, way] of Object.entries(ways)) {
        assertEquals([what, await attempt(client, opened, way, [SEEN])], [what, NOTHING]);
      }
      const written = await attempt(client, opened, ["select set_config('app.tenant_id', $1, true)", [b]], [
        "update users set name = 'x' where tenant_id = $1 returning 1 as n",
        [b],
      ]);
      assertEquals(written, []);
    });
    await t.step("a proof that is kept for the next transaction", async () => {
      const proof = await attempt(client, opened, ["select current_setting('app.proof') as proof"]);
      const replayed = "select set_config('app.tenant_id', $1, true), set_config('app.proof', $2, true)";
      assertEquals(
        await attempt(client, [replayed, [a, (proof as { proof: string }[])[0]!.proof]], [SEEN]),
        NOTHING,
      );
    });
  });
});

/** Definer functions that anyone may ask: they say what the sign-in page says, or nothing. */
const OPEN = ["accepted_before", "current_tenant", "find_tenant", "open_door", "sole_tenant"];

Deno.test("V7 what looks across organisations answers the process alone", async () => {
  const functions = await clone.look<{ name: string; call: string }>(
    `select p.proname as name, p.proname || '(' || array_to_string(array(
        select quote_literal(case t.typcategory when 'A' then '{}' when 'N' then '1' when 'T' then '1 minute'
          when 'U' then '00000000-0000-0000-0000-000000000000' else 'email' end) || '::' || format_type(t.oid, null)
        from unnest(p.proargtypes::oid[]) with ordinality x (oid, at) join pg_type t on t.oid = x.oid order by at), ', ')
        || ')' as call
      from pg_proc p where prosecdef and pronamespace = 'public'::regnamespace
        and has_function_privilege('servicehub_app', p.oid, 'execute') order by 1`,
  );
  assertEquals(functions.filter(({ name }) => OPEN.includes(name)).map(({ name }) => name), OPEN);
  await asApp(async (client) => {
    for (const { name, call } of functions) {
      if (OPEN.includes(name)) continue;
      for (const opened of [[], [["select enter_system(open_door($1, $2))", [DOOR_SECRET, a]]]]) {
        const answer = await attempt(client, ...opened as [string, unknown[]][], [`select * from ${call}`]);
        assertEquals([call, answer], [call, "SH403"]);
      }
    }
  });
});

Deno.test("V7 a temporary table in the place of ours isn't looked at, and can't be made", async () => {
  await clone.look(
    "insert into jobs (tenant_id, id, kind) select id, uuidv7(), 'email' from tenants",
  );
  const planted = `create temp table jobs (like public.jobs);
    create function pg_temp.taken() returns trigger language plpgsql as $$
      begin raise exception 'This runs as %', current_user; end $$;
    create trigger taken before insert or update or delete on pg_temp.jobs for each statement
      execute function pg_temp.taken();
    grant all on pg_temp.jobs to public`;
  const claim: [string, unknown[]][] = [
    ["select open_door($1, '00000000-0000-0000-0000-000000000000')", [DOOR_SECRET]],
    [
      "select tenant_id from claim_jobs('email', 10, interval '1 minute', 10, '{}', '{}', null, 10) order by 1",
      [],
    ],
  ];
  const all = [{ tenant_id: a }, { tenant_id: b }].sort((x, y) => x.tenant_id < y.tenant_id ? -1 : 1);
  await asApp(async (client) => {
    assertEquals(await attempt(client, [planted]), "42501");
    assertEquals(
      await attempt(client, [
        "create function public.enter(text, text, text) returns int language sql as 'select 1'",
      ]),
      "42501",
    );
    assertEquals(await attempt(client, ...claim), all);
  });
  // Without the first of the two walls.
  await clone.look(`grant temporary on database ${clone.database} to servicehub_app`);
  try {
    await asApp(async (client) => assertEquals(await attempt(client, [planted], ...claim), all));
  } finally {
    await clone.look(`revoke temporary on database ${clone.database} from servicehub_app`);
  }
});

Deno.test("V7 the application's role ends no sibling, keeps no lock past its transaction and makes no large object", async () => {
  await asApp(async (client) => {
    for (
      const call of [
        "pg_terminate_backend(1)",
        "pg_cancel_backend(1)",
        "lo_create(0)",
        "lo_creat(-1)",
        "lo_from_bytea(0, 'x')",
        "pg_advisory_lock(1)",
        "pg_advisory_lock(1, 2)",
        "pg_advisory_lock_shared(1)",
        "pg_try_advisory_lock(1)",
        "pg_try_advisory_lock_shared(1, 2)",
      ]
    ) {
      assertEquals([call, await attempt(client, [`select ${call}`])], [call, "42501"]);
    }
  });
});

const system: Claim = { kind: "system", tenantId: a };

/** Runs `fn` with the process's pool, of one connection. */
async function withPool(fn: () => Promise<void>): Promise<void> {
  openPool(target, { doorSecret: DOOR_SECRET, size: 1 });
  try {
    await fn();
  } finally {
    await closePool();
  }
}

const pid = () =>
  inTenant(
    system,
    async ({ db }) => (await db.first<{ pid: number }>(sql`select pg_backend_pid() as pid`))!.pid,
  );

/** Runs a statement as one that was injected. */
const inject = (text: string) => inTenant(system, async ({ db }) => await db.rows(sql`${raw(text)}`));

Deno.test("V7 a statement that isn't of a use case is undone, and its connection is used no more", async () => {
  await withPool(async () => {
    const before = await clone.look(
      "select rolpassword, setconfig from pg_authid left join pg_db_role_setting on setrole = pg_authid.oid and setdatabase = 0 where rolname = 'servicehub_app'",
    );
    for (
      const text of [
        "set app.tenant_id = ''",
        "set statement_timeout = 0",
        "reset all",
        "prepare s1 as select 1",
        "deallocate all",
        "discard plans",
        "listen servicehub",
        "declare kept cursor with hold for select 1",
        "do 'begin end'",
        "lock table users",
        "alter role servicehub_app password 'mine now'",
        "alter role servicehub_app set statement_timeout = 0",
        "copy (select 1) to stdout",
        "savepoint one",
        "commit",
      ]
    ) {
      const first = await pid();
      const answer = await inject(text).then(() => "done", (error: Error) => error.message);
      assert(/^Cannot run [A-Z]+:|Lost the connection|Cannot commit/.test(answer), `${text}: ${answer}`);
      assert(await pid() !== first, `${text}: the connection was kept`);
    }
    // Caught by the use case, it is undone all the same.
    await assertRejects(
      () =>
        inTenant(system, async ({ db }) => {
          await db.run(sql`update users set name = 'Changed' where tenant_id = ${a}`);
          await db.run(sql`set statement_timeout = 0`).catch(() => {});
        }),
      /refused/,
    );
    assertEquals(await clone.look("select count(*) as n from users where name = 'Changed'"), NOTHING);
    assertEquals(
      await clone.look(
        "select rolpassword, setconfig from pg_authid left join pg_db_role_setting on setrole = pg_authid.oid and setdatabase = 0 where rolname = 'servicehub_app'",
      ),
      before,
    );
  });
});

Deno.test("V7 a connection keeps its prepared statements, and nothing of who had it before", async () => {
  await withPool(async () => {
    await clone.look("grant execute on function pg_advisory_lock(bigint) to servicehub_app");
    const first = await pid();
    await inject(`select set_config('app.tenant_id', '${b}', false), set_config('app.proof', 'x', false),
      set_config('search_path', 'pg_temp', false), set_config('statement_timeout', '0', false),
      set_config('app.kept', 'x', false), set_config('transaction_timeout', '0', false), pg_advisory_lock(77)`);
    const [found] = await inTenant(
      system,
      ({ db }) =>
        db.rows(sql`select pg_backend_pid() as pid, current_setting('search_path') as path,
        current_setting('statement_timeout') as limit, current_setting('transaction_timeout') as most,
        current_setting('app.kept', true) as kept, current_setting('app.tenant_id') as tenant,
        (select count(*)::int from pg_prepared_statements where not from_sql) > 0 as prepared,
        (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks`),
    );
    assertEquals(found, {
      pid: first,
      path: '"$user", public',
      limit: "5s",
      most: "15s",
      kept: "",
      tenant: a,
      prepared: true,
      locks: 0,
    });
    await clone.look("revoke execute on function pg_advisory_lock(bigint) from servicehub_app");
  });
});

Deno.test("a transaction's time is the one that its rows keep", async () => {
  await withPool(async () => {
    for (let i = 0; i < 20; i++) {
      const [told, kept] = await inTenant(system, async ({ db, now }) => {
        const [row] = await db.rows<{ at: string }>(sql`select now()::timestamptz(3) as at`);
        return [now, row!.at];
      });
      assertEquals(told, kept);
    }
  });
});

Deno.test("V7 the secret and a session's hash are in no list that the application's role can read", async () => {
  await withPool(async () => {
    const hash = "ab".repeat(32);
    const claim: Claim = { kind: "session", tenantId: b, sessionId: session, secretHash: hash };
    await assertRejects(() => inTenant(claim, () => Promise.resolve()), /not active/);
    const shown = await inTenant(system, async ({ db }) => [
      await db.rows(sql`select query from pg_stat_activity where usename = 'servicehub_app'`),
      await db.rows(sql`select statement from pg_prepared_statements`),
      await db.rows(sql`select name, setting from pg_settings`),
    ]);
    const system2 = await inSystem("test", (db) => db.rows(sql`select query from pg_stat_activity`));
    const text = JSON.stringify([shown, system2]);
    assert(text.includes("servicehub_app"), "nothing was read");
    assert(!text.includes(DOOR_SECRET) && !text.includes(hash), text.slice(0, 500));
  });
});
