import assert from "node:assert/strict";
import { type Server, startServer } from "@/tests/helpers/server.ts";
import { failingStart, post, register, statusOf, titles } from "@/tests/process/support.ts";
import { createSecrets, doorSecretOf } from "@/adapters/secrets.ts";
import { readMigrations } from "@/db/migrate.ts";
import { ADMIN, type External, startExternal } from "./cluster.ts";
import { migrator, outcome } from "./migrators.ts";

const SECRET_KEY = "the key of this desk, of more than 32 characters";

/** Starts the product on the external server; its data directory holds no database. */
async function startOn(external: External, dataDir: string): Promise<Server> {
  return await startServer({
    dataDir,
    env: { DATABASE_URL: external.url("desk"), SECRET_KEY, SIGNUP: "open" },
  });
}

Deno.test("REL-18 DATABASE_URL: the same desk on somebody else's PostgreSQL, by a role without rights", async () => {
  await using external = await startExternal();
  await using admin = await external.connect("postgres");
  await admin.query("create database desk");
  await checkSixAtOnce(external);
  const dataDir = await Deno.makeTempDir({ prefix: "servicehub-desk-" });
  try {
    let token: string;
    {
      await using server = await startOn(external, dataDir);
      token = await register(server.url);
      assert.equal(
        (await post(`${server.url}/v1/tickets`, { title: "Kept", description: "" }, token)).status,
        201,
      );
      await checkRoles(external);
      await checkKeyMismatch(external, { server, token });
      assert.deepEqual([...Deno.readDirSync(dataDir)].map(({ name }) => name).sort(), [
        "mail",
        "servicehub.pid",
      ]);
    }
    await using again = await startOn(external, dataDir);
    assert.deepEqual(await titles(again.url, token), ["Kept"]);
    const wrong = await failingStart({
      DATABASE_URL: external.url("desk").replace("operator:", "operator:wrong"),
      DATA_DIR: dataDir,
    });
    assert.deepEqual([wrong.code, wrong.stderr], [1, [
      'Cannot use the database that DATABASE_URL names: password authentication failed for user "operator"',
    ]]);
    const missing = await failingStart({ DATABASE_URL: external.url("nowhere"), DATA_DIR: dataDir });
    assert.deepEqual([missing.code, missing.stderr], [1, [
      'Cannot use the database that DATABASE_URL names: database "nowhere" does not exist',
    ]]);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
});

/** On a server that has neither roles nor tables, six instances that start together make them once. */
async function checkSixAtOnce(external: External): Promise<void> {
  const secrets = createSecrets(SECRET_KEY);
  const options = {
    target: { connectionString: external.url("desk") },
    admin: ADMIN,
    passwords: {
      servicehub_owner: secrets.derive("database servicehub_owner"),
      servicehub_app: secrets.derive("database servicehub_app"),
    },
    doorSecret: doorSecretOf(secrets),
  };
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => outcome(migrator(options))));
  assert.deepEqual(outcomes.map(({ code }) => code), [0, 0, 0, 0, 0, 0], JSON.stringify(outcomes));
  assert.deepEqual(outcomes.flatMap(({ said }) => said), (await readMigrations()).map(({ name }) => name));
}

/** Whoever serves is servicehub_app, and it can become nobody and see nothing across tenants. */
async function checkRoles(external: External): Promise<void> {
  await using admin = await external.connect("desk");
  const { rows: serving } = await admin.query(
    `select distinct usename::text as name from pg_stat_activity
     where datname = 'desk' and application_name like 'servicehub%'`,
  );
  assert.deepEqual(serving, [{ name: "servicehub_app" }]);
  const { rows: roles } = await admin.query(
    `select rolname::text as name, rolcanlogin as login, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as strong,
       array(select m.roleid::regrole::text from pg_auth_members m where m.member = r.oid) as member_of
     from pg_roles r where rolname like 'servicehub%' order by 1`,
  );
  assert.deepEqual(roles, [
    { name: "servicehub_app", login: true, strong: false, member_of: [] },
    { name: "servicehub_lookup", login: false, strong: false, member_of: [] },
    { name: "servicehub_owner", login: true, strong: false, member_of: ["servicehub_lookup"] },
  ]);
  const { rows: owned } = await admin.query(
    "select count(*)::int as n from pg_class where relowner = 'servicehub_app'::regrole",
  );
  assert.deepEqual(owned, [{ n: 0 }]);
  for (const role of ["servicehub_app", "servicehub_owner"]) {
    await assert.rejects(external.connect("desk", { user: role, password: "" }), /password/);
  }
}

/** An instance with another key refuses, and does the running one no harm. */
async function checkKeyMismatch(
  external: External,
  { server, token }: { server: Server; token: string },
): Promise<void> {
  const other = await Deno.makeTempDir({ prefix: "servicehub-other-" });
  const refused = await failingStart({
    DATABASE_URL: external.url("desk"),
    DATA_DIR: other,
    SECRET_KEY: "another key of more than 32 characters",
  });
  await Deno.remove(other, { recursive: true });
  assert.deepEqual([refused.code, refused.stderr], [1, [
    "Cannot start: SECRET_KEY is not the one this database was made with",
  ]]);
  // New connections of the running one still get in.
  await using admin = await external.connect("desk");
  await admin.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'servicehub_app'",
  );
  await new Promise((done) => setTimeout(done, 200));
  assert.equal(await statusOf(`${server.url}/readyz`), 200);
  assert.deepEqual(await titles(server.url, token), ["Kept"]);
}
