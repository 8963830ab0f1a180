import { join } from "node:path";
import { compareFiles, type Place, placeOf } from "../files.ts";

const CODE = /\.[tj]sx?$/;
const TEST = /[._]test\.[tj]sx?$/;

/** A file in `routes/` before its module is loaded. */
export type FoundRoute = Place & { path: string };

/** An island module; `name` is its file's, and that of its script. */
export interface FoundIsland {
  name: string;
  path: string;
}

/** Lists the files below a folder, as absolute paths in a stable order; none if it doesn't exist. */
export async function filesBelow(dir: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const entry of Deno.readDir(dir)) {
      const path = join(dir, entry.name);
      found.push(...entry.isDirectory ? await filesBelow(path) : [path]);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort();
}

/** Finds the routes, in order of registration, and the island modules: every file in `islands/` is one. */
export async function crawl(root: string): Promise<{ routes: FoundRoute[]; islands: FoundIsland[] }> {
  const isModule = (path: string) => CODE.test(path) && !TEST.test(path);
  const islands = (await filesBelow(join(root, "islands"))).filter(isModule);
  const routes: FoundRoute[] = [];
  const routeDir = join(root, "routes");
  for (const path of (await filesBelow(routeDir)).filter(isModule)) {
    const id = path.slice(routeDir.length + 1).replace(CODE, "");
    // A folder "(_x)" is the routes' own, and "(_islands)" has islands.
    if (/(?:^|\/)\(_islands\)\//.test(id)) islands.push(path);
    else if (!/(?:^|\/)\(_[^/]+\)\//.test(id)) routes.push({ ...placeOf(id), path });
  }
  return { routes: routes.sort(compareFiles), islands: named(islands) };
}

function named(paths: string[]): FoundIsland[] {
  const taken = new Set<string>();
  return paths.map((path) => {
    const plain = path.slice(path.lastIndexOf("/") + 1).replace(CODE, "").replaceAll(/\W+/g, "_");
    let name = plain;
    for (let i = 1; taken.has(name); i++) name = `${plain}_${i}`;
    taken.add(name);
    return { name, path };
  });
}
