import pg from "pg";
import { clientConfig } from "@/db/connect.ts";
import { closeDatabase, openDatabase } from "@/db/database.ts";
import { inTenant } from "@/db/door.ts";
import { DatabaseUnavailable } from "@/db/pool.ts";
import { sql } from "@/db/sql.ts";
import { assert, assertEquals, assertRejects } from "@/tests/helpers/assert.ts";
import {
  asSuperuser,
  cloneDatabase,
  currentCluster,
  DOOR_SECRET,
  targetOf,
} from "@/tests/helpers/cluster.ts";

const cluster = currentCluster();
const database = await cloneDatabase(cluster);
const target = targetOf(cluster, database);
const TENANTS = 20, KILLS = 400, READS = 5_000, HUNG_MS = 5_000;

const uncaught: unknown[] = [];
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  uncaught.push(event.reason);
});
addEventListener("error", (event) => {
  event.preventDefault();
  uncaught.push(event.error);
});

const tenants = await asSuperuser(cluster, database, async (client) => {
  const { rows } = await client.query<{ id: string }>(
    "insert into tenants (slug, name) select 'works-' || n, 'Works' from generate_series(1, $1) n returning id",
    [TENANTS],
  );
  return rows.map((row) => row.id);
});

async function withPool(poolSize: number, fn: () => Promise<void>): Promise<void> {
  await openDatabase({ target, admin: { user: cluster.superuser }, doorSecret: DOOR_SECRET, poolSize });
  try {
    await fn();
  } finally {
    await closeDatabase();
  }
}

Deno.test("CHK-10 with 400 killed backends no read comes from another tenant, hangs, or throws uncaught", async () => {
  await withPool(8, async () => {
    const seen = { reads: 0, wrong: 0, hung: 0, lost: 0, other: [] as unknown[] };
    let kills = 0;
    const enough = () => kills >= KILLS && seen.reads >= READS;
    const reader = async () => {
      while (!enough() && seen.other.length === 0) {
        const tenantId = tenants[Math.floor(Math.random() * tenants.length)]!;
        const before = performance.now();
        try {
          await inTenant({ kind: "system", tenantId }, async ({ db }) => {
            for (let i = 0; i < 3; i++) {
              const rows = await db.rows<{ id: string }>(sql`select id from tenants`);
              seen.reads++;
              if (rows.length !== 1 || rows[0]!.id !== tenantId) seen.wrong++;
            }
          });
        } catch (error) {
          if (error instanceof DatabaseUnavailable) seen.lost++;
          else seen.other.push(error);
        }
        if (performance.now() - before > HUNG_MS) seen.hung++;
      }
    };
    const killer = async () => {
      const client = new pg.Client(clientConfig(target, { user: cluster.superuser }));
      await client.connect();
      while (!enough() && seen.other.length === 0) {
        // Kills keep pace with reads: a busy machine that reconnects slowly would read nothing any more.
        if (kills * READS > seen.reads * KILLS) {
          await new Promise((done) => setTimeout(done, 1));
          continue;
        }
        const { rowCount } = await client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where usename = 'servicehub_app' and datname = current_database() order by random() limit 2`,
        );
        kills += rowCount ?? 0;
        await new Promise((done) => setTimeout(done, 8));
      }
      await client.end();
    };
    await Promise.all([killer(), ...Array.from({ length: 16 }, reader)]);
    assertEquals({ wrong: seen.wrong, hung: seen.hung, other: seen.other, uncaught }, {
      wrong: 0,
      hung: 0,
      other: [],
      uncaught: [],
    });
    assert(kills >= KILLS && seen.reads >= READS && seen.lost > 0);
  });
});

Deno.test("A commit that PostgreSQL answers with ROLLBACK is an error, not a success", async () => {
  await withPool(2, async () => {
    const claim = { kind: "system" as const, tenantId: tenants[0]! };
    await assertRejects(
      () =>
        inTenant(claim, async ({ db }) => {
          await db.run(sql`update tenants set slug = 'works-2' where id = ${claim.tenantId}`).catch(() => {});
          return "done";
        }),
      /Cannot commit/,
    );
    const slug = await inTenant(claim, ({ db }) => db.first<{ slug: string }>(sql`select slug from tenants`));
    assertEquals(slug, { slug: "works-1" });
  });
});

Deno.test("CHK-10 what runs on of a failed use case reaches no connection any more", async () => {
  await withPool(1, async () => {
    const claim = { kind: "system" as const, tenantId: tenants[0]! };
    let late: Promise<unknown> | undefined;
    await assertRejects(
      () =>
        inTenant(claim, ({ db }) => {
          late = (async () => {
            await db.rows(sql`select 1`);
            await new Promise((done) => setTimeout(done, 50));
            return await db.rows(sql`select id from tenants`);
          })();
          return db.rows(sql`select 1 / 0`);
        }),
      /division by zero/,
    );
    await assertRejects(() => late!, /its transaction has ended/);
  });
});

Deno.test("A savepoint lets a transaction go on after an expected failure", async () => {
  await withPool(2, async () => {
    const claim = { kind: "system" as const, tenantId: tenants[0]! };
    const name = await inTenant(claim, async ({ db }) => {
      await assertRejects(
        () => db.savepoint(() => db.run(sql`update tenants set slug = 'works-2'`)),
        /23505/,
      );
      await db.run(sql`update tenants set name = 'Renamed' where id = ${claim.tenantId}`);
      return await db.first<{ name: string }>(sql`select name from tenants`);
    });
    assertEquals(name, { name: "Renamed" });
  });
});

Deno.test("A transaction left idle is ended by the database, and the next one works", async () => {
  await withPool(1, async () => {
    const claim = { kind: "system" as const, tenantId: tenants[0]! };
    await assertRejects(
      () =>
        inTenant(claim, async ({ db }) => {
          await db.run(sql`select set_config('idle_in_transaction_session_timeout', '100', true)`);
          await new Promise((done) => setTimeout(done, 300));
          return await db.rows(sql`select id from tenants`);
        }),
      /Lost the connection/,
    );
    assertEquals(await inTenant(claim, ({ db }) => db.run(sql`select id from tenants`)), 1);
  });
});

Deno.test("REL-20 at ten times the pool's size callers are served or told within 2 s, without deadlock", async () => {
  await withPool(2, async () => {
    const claim = { kind: "system" as const, tenantId: tenants[0]! };
    const before = performance.now();
    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        inTenant(claim, async ({ db }) => {
          await db.run(sql`select pg_sleep(0.4)`);
          return "served";
        }).catch((error) => error instanceof DatabaseUnavailable ? "told" : String(error))),
    );
    assert(performance.now() - before < 10_000);
    assertEquals(results.filter((r) => r !== "served" && r !== "told"), []);
    assert(results.includes("served") && results.includes("told"));
  });
});
