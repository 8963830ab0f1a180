import { join } from "node:path";
import { EmbeddedError } from "./errors.ts";
import { replaceFile } from "./data_dir.ts";
import type { Identity } from "./identity.ts";
import { SOCKET_NUMBER } from "./socket_dir.ts";

export const SUPERUSER = "postgres";
const ROLES = [SUPERUSER, "servicehub_owner", "servicehub_app"];

// For a machine of two cores and 1–4 GB that runs the app as well.
const DEFAULTS: Record<string, string> = {
  max_connections: "60",
  shared_buffers: "128MB",
  effective_cache_size: "512MB",
  random_page_cost: "1.1",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_destination: "stderr",
  logging_collector: "off",
  // What clients send may hold secrets and personal data: neither statements nor the values in errors are logged.
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
  password_encryption: "scram-sha-256",
  cluster_name: "servicehub",
};

/** The defaults, `settings`, then what keeps the server private. @throws EmbeddedError for one that would open it up */
export function serverArguments(
  cluster: string,
  options: { socketDir: string; settings: Record<string, string> },
): string[] {
  const fixed: Record<string, string> = {
    listen_addresses: "",
    port: String(SOCKET_NUMBER),
    unix_socket_directories: options.socketDir,
    unix_socket_permissions: "0700",
    hba_file: join(cluster, "pg_hba.conf"),
    ident_file: join(cluster, "pg_ident.conf"),
  };
  for (const name of Object.keys(options.settings)) {
    if (!/^[a-z_]+(\.[a-z_]+)?$/.test(name) || name in fixed || name === "data_directory") {
      throw new EmbeddedError(`Cannot start PostgreSQL: setting "${name}" can't be changed`);
    }
  }
  const all = Object.entries({ ...DEFAULTS, ...options.settings, ...fixed });
  return ["-D", cluster, ...all.flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

/** Over the socket, as one of our roles: the app's user and the server's own. @returns whether a file changed */
export async function writeAccess(cluster: string, identity: Identity): Promise<boolean> {
  const owner = identity.drops ? identity.server : undefined;
  // "nobody" is shared by unrelated programs, which have no business here.
  const names = new Set(
    [identity.app.name, identity.server.name].filter((name) => name !== "nobody" || !owner),
  );
  const map = [...names].flatMap((name) => ROLES.map((role) => `servicehub  "${name}"  ${role}\n`)).join("");
  const access = "local  all  all  peer  map=servicehub\n";
  const changed = [
    await replaceFile(join(cluster, "pg_hba.conf"), access, owner),
    await replaceFile(join(cluster, "pg_ident.conf"), map, owner),
  ];
  return changed.includes(true);
}
