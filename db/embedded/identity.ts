import os from "node:os";
import { EmbeddedError, USE_EXTERNAL } from "./errors.ts";

/** An operating system user: numeric ids and the name that PostgreSQL's peer authentication will see. */
export type OsUser = { uid: number; gid: number; name: string };

/** Who the app is, and who the server must run as; they differ only when the app is root. */
export type Identity = { app: OsUser; server: OsUser; drops: boolean };

// In order: an account made for this app, the one distributions make for PostgreSQL, the one that owns nothing.
const SERVER_ACCOUNTS = ["servicehub", "postgres", "_postgres", "nobody"];

/** PostgreSQL refuses to run as root: then the cluster's owner runs it, else the first account above. @throws EmbeddedError */
export async function identify(options: { clusterOwner?: number | undefined } = {}): Promise<Identity> {
  const app = currentUser();
  if (app.uid !== 0) return { app, server: app, drops: false };
  const accounts = await passwd();
  const owner = options.clusterOwner;
  const server = owner !== undefined && owner !== 0
    ? accounts.find((user) => user.uid === owner)
    : SERVER_ACCOUNTS.map((name) => accounts.find((user) => user.name === name))
      .find((user) => user !== undefined && user.uid !== 0);
  if (server) return { app, server, drops: true };
  throw new EmbeddedError(
    owner
      ? `Cannot run PostgreSQL as root: the database belongs to user id ${owner}, which has no name in "/etc/passwd"`
      : `Cannot run PostgreSQL as root: no account "postgres" or "nobody" in "/etc/passwd"; ${USE_EXTERNAL}`,
  );
}

function currentUser(): OsUser {
  try {
    const { uid, gid, username } = os.userInfo();
    return { uid, gid, name: username };
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new EmbeddedError(
      `Cannot run PostgreSQL: user id ${Deno.uid()} has no name in "/etc/passwd"; run as a named user or ${USE_EXTERNAL}`,
    );
  }
}

async function passwd(): Promise<OsUser[]> {
  const text = await Deno.readTextFile("/etc/passwd").catch(() => "");
  return text.split("\n").map((line) => line.split(":")).filter((fields) => fields.length >= 4)
    .map(([name, , uid, gid]) => ({ name: name!, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }));
}
