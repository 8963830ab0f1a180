import pg from "pg";
import { createSecrets, doorSecretOf } from "@/adapters/secrets.ts";
import { openDatabase } from "@/db/database.ts";
import { closePool } from "@/db/pool.ts";
import { assertEquals, assertRejects } from "@/tests/helpers/assert.ts";
import { ADMIN, startExternal } from "./cluster.ts";

const secrets = createSecrets("the key of this desk, of more than 32 characters");
const passwords = {
  servicehub_owner: secrets.derive("database servicehub_owner"),
  servicehub_app: secrets.derive("database servicehub_app"),
};
const doorSecret = doorSecretOf(secrets);

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
  const { rows: everyone } = await admin.query(
    `select has_database_privilege('servicehub_app', current_database(), 'temporary') as temporary,
      has_function_privilege('servicehub_app', 'pg_terminate_backend(integer, bigint)', 'execute') as terminates`,
  );
  return { roles, members, schema, everyone };
}

Deno.test("the start gives every right again that is missing, whichever roles are there already", async (t) => {
  await using external = await startExternal();
  await using admin = await external.connect("postgres");
  let databases = 0;
  /** A start on a database of its own; roles belong to the whole server. */
  const start = async () => {
    const name = `desk_${++databases}`;
    await admin.query(`create database ${name}`);
    await openDatabase({
      target: { connectionString: external.url(name) },
      admin: ADMIN,
      passwords,
      doorSecret,
    });
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

  assertEquals(fresh.everyone, [{ temporary: false, terminates: false }]);
  assertEquals(fresh.schema.map(({ acl }) => /servicehub_lookup=U\//.test(acl)), [true]);

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

/** Of someone who may make databases or roles, and nothing else. */
const OWNER_PASSWORD = "of a role that is no superuser";

Deno.test("a role that may only create roles starts desks, again and again", async (t) => {
  await using external = await startExternal();
  await using admin = await external.connect("postgres");
  const addAdmin = async (user: string, attributes: string) => {
    await admin.query(`create role ${user} login ${attributes} password '${OWNER_PASSWORD}'`);
  };
  const start = async (user: string, database: string) => {
    const admin = { user, password: OWNER_PASSWORD };
    await openDatabase({
      target: { connectionString: external.url(database) },
      admin,
      passwords,
      doorSecret,
    });
    await closePool();
    await using desk = await external.connect(database);
    return await rights(desk);
  };
  const twice = async (user: string, database: string) => {
    await admin.query(`create database ${database} owner ${user}`);
    const first = await start(user, database);
    assertEquals(await start(user, database), first);
    return first;
  };
  await addAdmin("first_admin", "createrole");
  const made = await twice("first_admin", "made_by_it");
  assertEquals(
    made.roles.map(({ rolcanlogin, rolsuper, rolbypassrls }) => [rolcanlogin, rolsuper, rolbypassrls]),
    [
      [true, false, false],
      [false, false, false],
      [true, false, false],
    ],
  );

  // Functions of the system are a superuser's to close.
  assertEquals(made.everyone, [{ temporary: false, terminates: true }]);

  await t.step("nothing of the owner is left to it", async () => {
    const { rows } = await admin.query(
      `select pg_has_role('first_admin', 'servicehub_owner', 'set') as sets,
        pg_has_role('first_admin', 'servicehub_owner', 'usage') as inherits`,
    );
    assertEquals(rows, [{ sets: false, inherits: false }]);
  });
  await t.step("one that has no rights on roles that were there before, where the desk is", async () => {
    await addAdmin("second_admin", "createrole");
    await admin.query("alter database made_by_it owner to second_admin");
    assertEquals(await start("second_admin", "made_by_it"), made);
    assertEquals(await start("first_admin", "made_by_it"), made);
  });
  await t.step("one that may act as the owner, for a desk of its own", async () => {
    await admin.query("grant servicehub_owner to second_admin with inherit false, set true");
    const { rows: before } = await admin.query("select * from pg_auth_members order by oid");
    assertEquals((await twice("second_admin", "made_by_another")).schema, made.schema);
    const { rows: after } = await admin.query("select * from pg_auth_members order by oid");
    assertEquals(after, before);
  });
  await t.step("rights on the schema that were lost come back", async () => {
    await using desk = await external.connect("made_by_it");
    await desk.query(
      "revoke usage on schema public from servicehub_app; grant all on schema public to public",
    );
    assertEquals((await start("first_admin", "made_by_it")).roles, made.roles);
    const { rows } = await desk.query(
      `select has_schema_privilege('servicehub_app', 'public', 'usage') as app,
        has_schema_privilege('public', 'public', 'create') as everyone`,
    );
    assertEquals(rows, [{ app: true, everyone: false }]);
  });
  await t.step("what it may not do is said", async () => {
    await addAdmin("third_admin", "createrole");
    await admin.query("create database of_third owner third_admin");
    await assertRejects(
      async () => void await start("third_admin", "of_third"),
      /permission denied to grant role/,
    );
    await admin.query("create database of_nobody");
    await assertRejects(
      async () => void await start("first_admin", "of_nobody"),
      /must be owner of schema public/,
    );
    await admin.query("alter role servicehub_app nologin");
    await assertRejects(async () => void await start("second_admin", "made_by_another"), /permission denied/);
    assertEquals((await start("first_admin", "made_by_it")).roles, made.roles);
  });
  await t.step("with createrole_self_grant", async () => {
    for (const name of ["made_by_it", "made_by_another", "of_third", "of_nobody"]) {
      await admin.query(`drop database ${name}`);
    }
    await admin.query("drop role servicehub_app, servicehub_owner, servicehub_lookup");
    await addAdmin("fourth_admin", "createrole");
    await admin.query("alter role fourth_admin set createrole_self_grant = 'set, inherit'");
    assertEquals(await twice("fourth_admin", "granted_to_itself"), made);
  });
});
