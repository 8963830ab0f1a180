/** A PostgreSQL as somebody else runs it: on TCP, with passwords (SCRAM), thrown away at the end. */
import { join } from "node:path";
import pg from "pg";
import { findPackage } from "@/db/embedded/binaries.ts";
import { runnable } from "@/db/embedded/cache.ts";
import { identify } from "@/db/embedded/identity.ts";
import { ensureCluster } from "@/db/embedded/initdb.ts";
import { spawnServer } from "@/db/embedded/server.ts";
import { freePort } from "@/tests/helpers/server.ts";

export const ADMIN = { user: "operator", password: "p@ss/word of the operator" };

export interface External extends AsyncDisposable {
  /** As DATABASE_URL takes it. */
  url(database: string): string;
  /** A superuser's connection, closed at the end of the block. */
  connect(database: string, role?: { user: string; password: string }): Promise<pg.Client & AsyncDisposable>;
}

/** Starts the server and makes the role that DATABASE_URL will name. @param options `tls`: whether it offers TLS */
export async function startExternal({ tls = false }: { tls?: boolean } = {}): Promise<External> {
  const home = await Deno.realPath(await Deno.makeTempDir({ prefix: "servicehub-external-" }));
  await Deno.chmod(home, 0o755);
  const identity = await identify();
  const binaries = await runnable(await findPackage(), {
    mustCopy: identity.drops,
    caches: [...(identity.drops ? ["/var/cache/servicehub"] : []), join(home, "cache")],
  });
  const { cluster } = await ensureCluster(home, { binaries, identity, sync: false });
  const port = freePort();
  const args = ["fsync=off", "listen_addresses=127.0.0.1", `port=${port}`, "unix_socket_directories="];
  if (tls) args.push("ssl=on", ...await addCertificate(cluster));
  const start = async (access: string) => {
    await Deno.writeTextFile(join(cluster, "pg_hba.conf"), access);
    return await spawnServer(cluster, {
      binaries,
      identity,
      args: ["-D", cluster, ...args.flatMap((arg) => ["-c", arg])],
      logFile: join(home, "log"),
      readyMs: 20_000,
    });
  };
  const open = async (database: string, role: { user: string; password?: string } = ADMIN) => {
    const client = new pg.Client({ host: "127.0.0.1", port, database, ...role });
    await client.connect();
    return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
  };
  const trusting = await start("host all postgres 127.0.0.1/32 trust\n");
  {
    await using client = await open("postgres", { user: "postgres" });
    await client.query(
      `create role ${ADMIN.user} superuser login password ${pg.escapeLiteral(ADMIN.password)}`,
    );
  }
  await trusting.end({});
  const server = await start("host all all 127.0.0.1/32 scram-sha-256\n");
  const { user, password } = ADMIN;
  return {
    url: (database) => `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`,
    connect: open,
    async [Symbol.asyncDispose]() {
      await server.end({ immediate: true });
      await Deno.remove(home, { recursive: true });
    },
  };
}

/** Puts a certificate into a data directory. @returns the settings that name it */
async function addCertificate(cluster: string): Promise<string[]> {
  const { uid, gid } = await Deno.stat(cluster);
  for (const end of ["crt", "key"]) {
    const path = join(cluster, `server.${end}`);
    await Deno.copyFile(new URL(`../helpers/tls/hooks.example.test.${end}`, import.meta.url), path);
    await Deno.chown(path, uid, gid);
    await Deno.chmod(path, 0o600);
  }
  return ["ssl_cert_file=server.crt", "ssl_key_file=server.key"];
}
