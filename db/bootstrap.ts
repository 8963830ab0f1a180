import pg from "pg";

const LIMITS = {
  statement_timeout: "5s",
  lock_timeout: "2s",
  idle_in_transaction_session_timeout: "5s",
  transaction_timeout: "15s",
};

/** Keys of advisory locks, in one place so that they can't collide. */
export const LOCKS = { bootstrap: 0x5e41_0001, migrate: 0x5e41_0002, register: 0x5e41_0003 };

/** What any role may call, and servicehub_app must not: to end its siblings, keep what no policy guards, lock past a commit. */
const TOO_MUCH =
  `proname in ('pg_terminate_backend', 'pg_cancel_backend', 'lo_creat', 'lo_create', 'lo_from_bytea')
  or proname ~ '^pg_(try_)?advisory_lock'`;

type LoginRole = "servicehub_owner" | "servicehub_app";

interface KnownRole {
  rolcanlogin: boolean;
  rolsuper: boolean;
  rolbypassrls: boolean;
  rolconfig: string[] | null;
}

/**
 * Adds what is missing and keeps what an operator changed; instances may run it at once. The role needs to own the
 * database and to be able to create roles, but no right for what is there already. @throws pg.DatabaseError
 */
export async function bootstrap(admin: pg.Client, passwords?: Record<LoginRole, string>): Promise<void> {
  await admin.query("begin");
  await admin.query(`select pg_advisory_xact_lock(${LOCKS.bootstrap})`);
  const known = await knownRoles(admin);
  for (const role of ["servicehub_owner", "servicehub_app", "servicehub_lookup"]) {
    const found = known.get(role);
    if (!found) await admin.query(`create role ${role} nosuperuser nobypassrls nocreaterole nocreatedb`);
    // Either right would bypass row security.
    else if (found.rolsuper || found.rolbypassrls) {
      await admin.query(`alter role ${role} nosuperuser nobypassrls`);
    }
  }
  for (const role of ["servicehub_owner", "servicehub_app"] as const) {
    // A role that can sign in keeps its password: an instance with another secret key must not lock the others out.
    if (known.get(role)?.rolcanlogin) continue;
    const password = passwords ? ` password ${pg.escapeLiteral(passwords[role])}` : "";
    await admin.query(`alter role ${role} login${password}`);
  }
  const set = new Set(known.get("servicehub_app")?.rolconfig?.map((setting) => setting.split("=")[0]));
  for (const [name, value] of Object.entries(LIMITS)) {
    if (!set.has(name)) await admin.query(`alter role servicehub_app set ${name} = '${value}'`);
  }
  if (!await canBecomeLookup(admin)) {
    // The owner needs it to give functions to the lookup role. Nothing is inherited.
    await admin.query("grant servicehub_lookup to servicehub_owner with inherit false, set true");
  }
  await openSchema(admin);
  await narrow(admin);
  await admin.query("commit");
}

/** Hands the schema to the owner. Only what is missing is done, since a connection may have had more rights before. */
async function openSchema(admin: pg.Client): Promise<void> {
  const { owned, open, member } = await schemaState(admin);
  if (owned && open) return;
  // Whoever creates a role may grant it, but isn't a member; it stays one no longer than needed.
  if (!member) await admin.query("grant servicehub_owner to current_user with inherit false, set true");
  if (!owned) await admin.query("alter schema public owner to servicehub_owner");
  await admin.query("set local role servicehub_owner");
  await admin.query("revoke all on schema public from public");
  await admin.query("grant usage on schema public to servicehub_app, servicehub_lookup");
  // Migrations grant it for as long as they run.
  await admin.query("revoke create on schema public from servicehub_lookup");
  await admin.query("reset role");
  if (!member) await admin.query("revoke servicehub_owner from current_user granted by current_user");
}

/** Takes from everyone what servicehub_app has no use for. The functions are a superuser's to close. */
async function narrow(admin: pg.Client): Promise<void> {
  const { rows: [found] } = await admin.query<{ database: string; temp: boolean; superuser: boolean }>(
    `select quote_ident(current_database()) as database,
        has_database_privilege('public', current_database(), 'temporary') as temp, rolsuper as superuser
      from pg_roles where rolname = current_user`,
  );
  // Temporary tables would come before ours in whatever doesn't name the schema.
  if (found!.temp) await admin.query(`revoke temporary on database ${found!.database} from public`);
  if (!found!.superuser) return;
  const { rows: open } = await admin.query<{ signature: string }>(
    `select oid::regprocedure::text as signature from pg_proc where pronamespace = 'pg_catalog'::regnamespace
      and (${TOO_MUCH}) and has_function_privilege('public', oid, 'execute')`,
  );
  if (open.length === 0) return;
  const signatures = open.map(({ signature }) => signature).join(", ");
  await admin.query(`revoke execute on function ${signatures} from public`);
  await admin.query("grant execute on function pg_advisory_lock(bigint) to servicehub_owner");
}

/** `member` is whether the connection can act as the owner. */
async function schemaState(admin: pg.Client): Promise<{ owned: boolean; open: boolean; member: boolean }> {
  const { rows } = await admin.query<{ owned: boolean; open: boolean; member: boolean }>(
    `select nspowner = 'servicehub_owner'::regrole as owned,
        has_schema_privilege('servicehub_app', oid, 'usage')
          and has_schema_privilege('servicehub_lookup', oid, 'usage')
          and not has_schema_privilege('servicehub_lookup', oid, 'create')
          and not has_schema_privilege('public', oid, 'usage')
          and not has_schema_privilege('public', oid, 'create') as open,
        pg_has_role('servicehub_owner', 'set') as member
      from pg_namespace where nspname = 'public'`,
  );
  return rows[0]!;
}

async function knownRoles(admin: pg.Client): Promise<Map<string, KnownRole>> {
  const { rows } = await admin.query<KnownRole & { rolname: string }>(
    "select rolname, rolcanlogin, rolsuper, rolbypassrls, rolconfig from pg_roles where rolname like 'servicehub\\_%'",
  );
  return new Map(rows.map((row) => [row.rolname, row]));
}

async function canBecomeLookup(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query(
    `select from pg_auth_members where roleid = 'servicehub_lookup'::regrole
      and member = 'servicehub_owner'::regrole and set_option`,
  );
  return rows.length > 0;
}
