import pg from "pg";

/** Sessions of the application end a statement, a lock wait or an idle transaction by themselves after this long. */
const LIMITS = {
  statement_timeout: "5s",
  lock_timeout: "2s",
  idle_in_transaction_session_timeout: "5s",
  transaction_timeout: "15s",
};

/** Advisory locks of this project, so that two uses can't collide. */
export const LOCKS = { bootstrap: 0x5e41_0001, migrate: 0x5e41_0002, register: 0x5e41_0003 };

/**
 * Makes the roles and hands the schema to the owner. Safe to run at every start and by several instances at once.
 *
 * @param admin a connection that may create roles
 * @param passwords what the two login roles sign in with; unset where the socket proves who one is
 * @throws pg.DatabaseError when the connection may not do that
 */
export async function bootstrap(
  admin: pg.Client,
  passwords?: { servicehub_owner: string; servicehub_app: string },
): Promise<void> {
  await admin.query("begin");
  await admin.query(`select pg_advisory_xact_lock(${LOCKS.bootstrap})`);
  const { rows } = await admin.query<{ rolname: string }>(
    "select rolname from pg_roles where rolname like 'servicehub\\_%'",
  );
  const known = new Set(rows.map((row) => row.rolname));
  for (const role of ["servicehub_owner", "servicehub_app", "servicehub_lookup"]) {
    if (!known.has(role)) {
      await admin.query(`create role ${role} nosuperuser nobypassrls nocreaterole nocreatedb`);
    }
  }
  for (const role of ["servicehub_owner", "servicehub_app"] as const) {
    // A known role keeps its password: an instance with another secret key must not lock the others out.
    if (known.has(role)) continue;
    const password = passwords ? ` password ${pg.escapeLiteral(passwords[role])}` : "";
    await admin.query(`alter role ${role} login${password}`);
  }
  if (!known.has("servicehub_app")) {
    for (const [name, value] of Object.entries(LIMITS)) {
      await admin.query(`alter role servicehub_app set ${name} = '${value}'`);
    }
    // To give a function to the lookup role one must be able to become it; nothing is inherited.
    await admin.query("grant servicehub_lookup to servicehub_owner with inherit false, set true");
  }
  await admin.query("alter schema public owner to servicehub_owner");
  await admin.query("revoke all on schema public from public");
  await admin.query("grant usage on schema public to servicehub_app");
  await admin.query("grant usage, create on schema public to servicehub_lookup");
  await admin.query("commit");
}
