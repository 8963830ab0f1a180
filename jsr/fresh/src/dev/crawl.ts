import { compareFiles, type FilePlace, placeOf } from "../files.ts";

const CODE = /\.(?:[tj]sx?|mjs|mts)$/;

/** A file in `routes/` before its module is loaded. */
export interface RouteFile extends FilePlace {
  path: string;
  /** Loaded at the first request; false for what has to be known before. */
  isLazy: boolean;
}

/** Lists the files below a folder, as absolute paths in a stable order; none if it doesn't exist. */
export async function filesBelow(dir: string, ignore: RegExp[] = []): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const entry of Deno.readDir(dir)) {
      const path = `${dir}/${entry.name}`;
      if (ignore.some((pattern) => pattern.test(path))) continue;
      if (entry.isDirectory) found.push(...await filesBelow(path, ignore));
      else found.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort();
}

/** Finds the routes, in order of registration, and the island modules of an application. */
export async function crawl(
  options: { routeDir: string; islandDir: string; ignore: RegExp[] },
): Promise<{ routes: RouteFile[]; islands: string[] }> {
  const { routeDir, islandDir, ignore } = options;
  const routes: RouteFile[] = [];
  const islands = (await filesBelow(islandDir, ignore)).filter((path) => CODE.test(path));
  for (const path of await filesBelow(routeDir, ignore)) {
    if (!CODE.test(path)) continue;
    const id = path.slice(routeDir.length + 1).replace(CODE, "");
    // Any "(_x)" folder is the routes' own; of these "(_islands)" means something.
    if (/(?:^|\/)\(_[^/]+\)\//.test(id)) {
      if (/(?:^|\/)\(_islands\)\//.test(id)) islands.push(path);
      continue;
    }
    const place = placeOf(id);
    // An override changes where the route is registered, so the module is needed before the first request.
    const isLazy = place.kind === "route" && !(await Deno.readTextFile(path)).includes("routeOverride");
    routes.push({ ...place, path, isLazy });
  }
  return { routes: routes.sort(compareFiles), islands };
}
