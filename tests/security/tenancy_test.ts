import {
  asSuperuser,
  cloneDatabase,
  currentCluster,
  DOOR_SECRET,
  targetOf,
} from "@/tests/helpers/cluster.ts";
import { clientConfig } from "@/db/connect.ts";
import pg from "pg";
import { assertEquals } from "@/tests/helpers/assert.ts";

const cluster = currentCluster();
const database = await cloneDatabase(cluster);

async function look<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  return await asSuperuser(cluster, database, async (client) => (await client.query<Row>(text)).rows);
}

/** Tables without a tenant, and why they have none. */
const CONTROL_TABLES = ["door", "installation", "migrations"];

/** Policies that let servicehub_lookup read across tenants: what the definer functions need, and nothing else. */
const LOOKUP_POLICIES = [
  "attachments.lookup",
  "audit_log.lookup",
  "audit_seals.lookup",
  "inbound_mails.lookup",
  "jobs.claim",
  "jobs.lookup",
  "outbox.lookup",
  "report_progress.lookup",
  "saved_reports.lookup",
  "search_long_texts.lookup",
  "search_rebuilds.lookup",
  "search_renames.lookup",
  "sla_clocks.lookup",
  "sla_rollouts.lookup",
  "tenants.lookup",
  "ticket_count_deltas.lookup",
  "tickets.lookup",
  "users.lookup",
];

const DEFINER_FUNCTIONS = [
  "accepted_before",
  "claim_jobs",
  "current_tenant",
  "find_tenant",
  "job_queues",
  "message_of_provider",
  "next_job_run",
  "open_door",
  "require_system",
  "settle_jobs",
  "sole_tenant",
  "tenants_of_email",
  "tenants_to_clean",
  "tenants_to_count",
  "tenants_to_index",
  "tenants_to_seal",
  "tenants_with_count_deltas",
  "tenants_with_due_clocks",
  "tenants_with_due_reports",
  "tenants_with_expired_uploads",
  "tenants_with_sla_rollouts",
  "tenants_with_tickets_to_close",
  "tenants_with_tickets_to_wake",
];

/** Columns that servicehub_lookup may read or change; nobody's name, text or secret is among them, but for the door's. */
const LOOKUP_COLUMNS = [
  "attachments SELECT created_at",
  "attachments SELECT deleted_at",
  "attachments SELECT tenant_id",
  "attachments SELECT ticket_id",
  "audit_log SELECT id",
  "audit_log SELECT tenant_id",
  "audit_seals SELECT number",
  "audit_seals SELECT tenant_id",
  "audit_seals SELECT upto",
  "door SELECT key",
  "door SELECT secret_hash",
  "inbound_mails SELECT id",
  "inbound_mails SELECT outcome",
  "inbound_mails SELECT received_at",
  "inbound_mails SELECT sender_key",
  "inbound_mails SELECT tenant_id",
  "inbound_mails SELECT verified",
  "jobs SELECT attempts",
  "jobs SELECT id",
  "jobs SELECT kind",
  "jobs SELECT lane",
  "jobs SELECT lease",
  "jobs SELECT lost",
  "jobs SELECT max_attempts",
  "jobs SELECT order_key",
  "jobs SELECT run_at",
  "jobs SELECT state",
  "jobs SELECT tenant_id",
  "jobs UPDATE attempts",
  "jobs UPDATE finished_at",
  "jobs UPDATE last_error",
  "jobs UPDATE lease",
  "jobs UPDATE lost",
  "jobs UPDATE run_at",
  "jobs UPDATE state",
  "outbox SELECT id",
  "outbox SELECT provider_id",
  "outbox SELECT tenant_id",
  "report_progress SELECT changed_at",
  "report_progress SELECT last_id",
  "report_progress SELECT rebuilt_to",
  "report_progress SELECT tenant_id",
  "saved_reports SELECT next_run_at",
  "saved_reports SELECT tenant_id",
  "saved_reports SELECT zone",
  "search_long_texts SELECT done",
  "search_long_texts SELECT tenant_id",
  "search_rebuilds SELECT tenant_id",
  "search_renames SELECT tenant_id",
  "sla_clocks SELECT next_at",
  "sla_clocks SELECT tenant_id",
  "sla_rollouts SELECT done_at",
  "sla_rollouts SELECT tenant_id",
  "tenants SELECT auto_close_days",
  "tenants SELECT id",
  "tenants SELECT name",
  "tenants SELECT slug",
  "tenants SELECT time_zone",
  "ticket_count_deltas SELECT tenant_id",
  "tickets SELECT changed_at",
  "tickets SELECT id",
  "tickets SELECT pending_until",
  "tickets SELECT resolved_at",
  "tickets SELECT status",
  "tickets SELECT tenant_id",
  "users SELECT deactivated_at",
  "users SELECT email_key",
  "users SELECT email_verified_at",
  "users SELECT tenant_id",
];

/** Unique indexes that don't lead with the tenant: installation-wide by intent. */
const GLOBAL_UNIQUES = [
  "door_pkey",
  "installation_pkey",
  "migrations_pkey",
  "tenants_pkey",
  "tenants_slug_key",
];

Deno.test("CHK-01 every table is under forced row security, with USING and WITH CHECK for the application", async () => {
  const rows = await look<{ name: string; forced: boolean; policies: number; has_tenant: boolean }>(`
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
      (select count(*)::int from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant' and p.polpermissive
        and p.polqual is not null and p.polwithcheck is not null and p.polcmd = '*') as policies,
      exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') as has_tenant
    from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1`);
  const open = rows.filter((row) => !row.forced || row.policies !== 1).map((row) => row.name);
  assertEquals(open, CONTROL_TABLES);
  assertEquals(rows.filter((row) => !row.has_tenant).map((row) => row.name), [...CONTROL_TABLES, "tenants"]);
});

Deno.test("CHK-01 the application's role owns nothing, bypasses nothing and can't become another", async () => {
  const [role] = await look(`
    select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
      pg_has_role('servicehub_app', 'servicehub_owner', 'member') as is_owner,
      pg_has_role('servicehub_app', 'servicehub_lookup', 'member') as is_lookup,
      exists (select 1 from pg_class c where c.relowner = r.oid) as owns_tables,
      exists (select 1 from pg_proc p where p.proowner = r.oid) as owns_functions,
      has_schema_privilege('servicehub_app', 'public', 'create') as may_create
    from pg_roles r where rolname = 'servicehub_app'`);
  assertEquals(Object.values(role!), Array(9).fill(false));
  const truncates = await look(`select relname from pg_class where relnamespace = 'public'::regnamespace
    and relkind = 'r' and has_table_privilege('servicehub_app', oid, 'truncate')`);
  assertEquals(truncates, []);
});

Deno.test("CHK-02 views, definer functions and policies across tenants are the listed ones, with a pinned search_path", async () => {
  assertEquals(
    await look(`select relname from pg_class where relnamespace = 'public'::regnamespace and (relkind = 'm'
      or relkind = 'v' and not coalesce(reloptions @> '{security_invoker=true}', false))`),
    [],
  );
  const functions = await look<{ proname: string; path: string; owner: string }>(`
    select proname, (select c from unnest(proconfig) c where c like 'search_path=%') as path,
      proowner::regrole::text as owner
    from pg_proc where prosecdef and pronamespace = 'public'::regnamespace order by 1`);
  assertEquals(functions.map((f) => f.proname), DEFINER_FUNCTIONS);
  // pg_temp comes first where it isn't named last.
  assertEquals(
    functions.filter(({ path, owner }) =>
      !/^search_path=pg_catalog, (public, )?pg_temp$/.test(path) || owner !== "servicehub_lookup"
    ),
    [],
  );
  const policies = await look<{ name: string }>(
    `select tablename || '.' || policyname as name from pg_policies
    where schemaname = 'public' and roles <> '{servicehub_app}' order by 1`,
  );
  assertEquals(policies.map((p) => p.name), LOOKUP_POLICIES);
  const columns = await look<{ name: string }>(`
    select table_name || ' ' || privilege_type || ' ' || column_name as name
    from information_schema.column_privileges
    where grantee = 'servicehub_lookup' and table_schema = 'public' order by 1`);
  assertEquals(columns.map((c) => c.name), LOOKUP_COLUMNS);
});

/** The names in a function's text that no schema stands before. */
async function unqualified(where: string): Promise<string[]> {
  const named = await look<{ name: string; call: boolean }>(
    `select relname as name, false as call from pg_class where relnamespace = 'public'::regnamespace
      and relkind in ('r', 'p', 'v', 'm', 'S')
      union select proname, true from pg_proc where pronamespace = 'public'::regnamespace`,
  );
  const functions = await look<{ proname: string; text: string }>(
    `select proname, coalesce(pg_get_function_sqlbody(oid), prosrc) as text from pg_proc
      where pronamespace = 'public'::regnamespace and ${where} order by 1`,
  );
  return functions.flatMap(({ proname, text }) =>
    named.filter(({ name, call }) =>
      new RegExp(
        call ? `(?<![.\\w])${name}\\(` : `\\b(from|join|into|update|using|,)\\s+${name}\\b(?!\\s*\\()`,
        "i",
      )
        .test(text.replaceAll(/--.*/g, "").replaceAll(/'[^']*'/g, "''"))
    ).map(({ name }) => `${proname}: ${name}`)
  ).sort();
}

Deno.test("V7 CHK-02 definer functions name the schema of all they use, and nobody can put anything before it", async () => {
  assertEquals(await unqualified("prosecdef"), []);
  // The check finds what it looks for: enter() is no definer function and names no schema.
  assertEquals(await unqualified("proname = 'enter'"), [
    "enter: queue_members",
    "enter: sessions",
    "enter: tenants",
    "enter: users",
  ]);
  const [may] = await look(`
    select array(select r.rolname::text from pg_roles r where r.rolname <> 'servicehub_owner' and not r.rolsuper
        and has_schema_privilege(r.oid, 'public', 'create')) as create_in_schema,
      array(select r.rolname::text from pg_roles r where r.rolname like 'servicehub%' and r.rolname <> 'servicehub_owner'
        and exists (select from pg_namespace n where has_schema_privilege(r.oid, n.oid, 'create'))) as create_anywhere,
      array(select r.rolname::text from pg_roles r where r.rolname like 'servicehub%'
        and has_database_privilege(r.oid, current_database(), 'temporary')) as temporary`);
  assertEquals(may, { create_in_schema: [], create_anywhere: [], temporary: [] });
});

Deno.test("CHK-03 every foreign key between tenants' tables carries the tenant", async () => {
  const loose = await look(`
    select k.conrelid::regclass::text || '.' || k.conname as name from pg_constraint k
    join pg_attribute a on a.attrelid = k.conrelid and a.attname = 'tenant_id'
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace and k.confrelid <> 'tenants'::regclass
      and (a.attnum <> all (k.conkey) or not exists (
        select 1 from generate_subscripts(k.conkey, 1) i
        join pg_attribute f on f.attrelid = k.confrelid and f.attnum = k.confkey[i] and f.attname = 'tenant_id'
        where k.conkey[i] = a.attnum))`);
  assertEquals(loose, []);
});

Deno.test("CHK-04 every unique index leads with the tenant, but for the listed ones", async () => {
  const rows = await look<{ name: string }>(`
    select i.indexrelid::regclass::text as name from pg_index i
    join pg_class c on c.oid = i.indrelid and c.relnamespace = 'public'::regnamespace
    left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indisunique and a.attname is distinct from 'tenant_id' order by 1`);
  assertEquals(rows.map((row) => row.name), GLOBAL_UNIQUES);
});

Deno.test("CHK-05 no policy calls a volatile function", async () => {
  const volatile = await look(`
    select p.polname, f.proname from pg_policy p
    join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_proc'::regclass
    join pg_proc f on f.oid = d.refobjid where f.provolatile = 'v'`);
  assertEquals(volatile, []);
  // Functions of the system leave no dependency; what a policy may use of them is written out.
  const [others] = await look(
    `select array_agg(distinct policyname order by policyname) as names from pg_policies
    where schemaname = 'public' and regexp_replace(coalesce(qual, '') || coalesce(with_check, ''),
      'current_setting\\(|current_tenant\\(', '', 'g') ~ '[a-z_]+\\('`,
  );
  assertEquals(others, { names: null });
});

Deno.test("CHK-06 without a tenant, or with an empty one, there are no rows and no error", async () => {
  const tables = await look<{ name: string }>(`select relname as name from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and relforcerowsecurity`);
  await asSuperuser(cluster, database, async (client) => {
    await client.query("insert into tenants (slug, name) values ('seen-by-none', 'Seen by none')");
  });
  const client = new pg.Client(clientConfig(targetOf(cluster, database), { user: "servicehub_app" }));
  await client.connect();
  try {
    for (const setting of [null, ""]) {
      await client.query("begin");
      if (setting !== null) await client.query("select set_config('app.tenant_id', $1, true)", [setting]);
      for (const { name } of tables) {
        const { rows } = await client.query(`select count(*)::int as n from ${name}`);
        assertEquals([name, rows[0].n], [name, 0]);
      }
      await client.query("rollback");
    }
  } finally {
    await client.end();
  }
});

Deno.test("The tenant a transaction names is the only one it can read or write", async () => {
  const client = new pg.Client(clientConfig(targetOf(cluster, database), { user: "servicehub_app" }));
  await client.connect();
  const [a, b] = [crypto.randomUUID(), crypto.randomUUID()];
  try {
    await client.query("begin");
    await client.query("select enter_system(open_door($1, $2))", [DOOR_SECRET, a]);
    await client.query("insert into tenants (id, slug, name) values ($1, 'a-works', 'A')", [a]);
    const refused = await client.query("insert into tenants (id, slug, name) values ($1, 'b-works', 'B')", [
      b,
    ])
      .then(() => "accepted", (error) => error.code);
    assertEquals(refused, "42501");
    await client.query("rollback");
  } finally {
    await client.end();
  }
});

Deno.test("Audit rows can be neither changed nor deleted by the application", async () => {
  const [may] = await look(`select has_table_privilege('servicehub_app', 'audit_log', 'update') as u,
    has_table_privilege('servicehub_app', 'audit_log', 'delete') as d,
    has_any_column_privilege('servicehub_app', 'audit_log', 'update') as c`);
  assertEquals(may, { u: false, d: false, c: false });
});

Deno.test("Filtered columns are of leakproof types, so that row security keeps their index", async () => {
  const leaky = await look(`
    select distinct c.relname, a.attname, t.typname from pg_index i
    join pg_class c on c.oid = i.indrelid and c.relnamespace = 'public'::regnamespace
    join unnest(i.indkey) k on true
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k
    join pg_type t on t.oid = a.atttypid
    where not exists (
      select 1 from pg_operator o join pg_proc f on f.oid = o.oprcode
      where o.oprname = '=' and o.oprleft = o.oprright and f.proleakproof
        and o.oprleft = case when t.typname = 'varchar' then 'text'::regtype else t.oid end)`);
  assertEquals(leaky, []);
});
