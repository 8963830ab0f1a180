import pg from "pg";
import { createSecrets } from "@/adapters/secrets.ts";
import { openDatabase } from "@/db/database.ts";
import { closePool } from "@/db/pool.ts";
import { assertEquals, assertRejects } from "@/tests/helpers/assert.ts";
import { ADMIN, startExternal } from "./cluster.ts";

const secrets = createSecrets("the key of this desk, of more than 32 characters");
const passwords = {
  servicehub_owner: secrets.derive("database servicehub_owner"),
  servicehub_app: secrets.derive("database servicehub_app"),
};

/** Everything that the start gives to roles: attributes, settings, memberships and rights on the schema. */
async function rights(admin: pg.Client) {
  const { rows: roles } = await admin.query(
    `select rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolconfig from pg_roles
      where rolname like 'servicehub\\_%' order by 1`,
  );
  const { rows: members } = await admin.query(
    `select roleid::regrole::text as role, member::regrole::text, inherit_option, set_option from pg_auth_members
      where member = 'servicehub_owner'::regrole order by 1`,
  );
  const { rows: schema } = await admin.query(
    `select nspowner::regrole::text as owner, nspacl::text as acl from pg_namespace where nspname = 'public'`,
  );
  return { roles, members, schema };
}

Deno.test("the start gives every right again that is missing, whichever roles are there already", async (t) => {
  await using external = await startExternal();
  await using admin = await external.connect("postgres");
  let databases = 0;
  /** A start on a database of its own; roles belong to the whole server. */
  const start = async () => {
    const name = `desk_${++databases}`;
    await admin.query(`create database ${name}`);
    await openDatabase({ target: { connectionString: external.url(name) }, admin: ADMIN, passwords });
    await closePool();
    await using desk = await external.connect(name);
    return await rights(desk);
  };
  const fresh = await start();
  assertEquals(fresh.roles.map(({ rolname, rolcanlogin }) => [rolname, rolcanlogin]), [
    ["servicehub_app", true],
    ["servicehub_lookup", false],
    ["servicehub_owner", true],
  ]);
  assertEquals(fresh.members, [
    { role: "servicehub_lookup", member: "servicehub_owner", inherit_option: false, set_option: true },
  ]);

  /** What an operator, or a restore, may have left behind. */
  const damages: Record<string, string> = {
    "nothing": "select 1",
    "no membership": "revoke servicehub_lookup from servicehub_owner",
    "no limits": "alter role servicehub_app reset all",
    "roles that can't sign in": "alter role servicehub_app nologin; alter role servicehub_owner nologin",
    "a role past row security": "alter role servicehub_app bypassrls; alter role servicehub_owner superuser",
  };
  for (const [what, damage] of Object.entries(damages)) {
    await t.step(what, async () => {
      await admin.query(damage);
      assertEquals(await start(), fresh);
    });
  }

  await t.step("roles that an operator made before the first start", async () => {
    for (let i = 1; i <= databases; i++) await admin.query(`drop database desk_${i}`);
    await admin.query("drop role servicehub_app, servicehub_owner, servicehub_lookup");
    await admin.query("create role servicehub_app; create role servicehub_lookup");
    assertEquals(await start(), fresh);
  });

  await t.step("what an operator has set stays, passwords too", async () => {
    await admin.query("alter role servicehub_app set statement_timeout = '30s'");
    await admin.query("alter role servicehub_owner password 'of the operator'");
    await assertRejects(async () => void await start(), /password authentication failed/);
    const { rows } = await admin.query<{ rolconfig: string[] }>(
      "select rolconfig from pg_roles where rolname = 'servicehub_app'",
    );
    assertEquals(rows[0]!.rolconfig.filter((setting) => setting.startsWith("statement")), [
      "statement_timeout=30s",
    ]);
  });
});
