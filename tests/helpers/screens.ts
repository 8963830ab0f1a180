/** The files of routes/ by the addresses they answer, for sweeps over all pages. */

const FOLDER = new URL("../../routes/", import.meta.url);

/** A file of routes/ that answers requests. */
export interface Screen {
  /** Its pattern: `/tickets/[key]/edit`. */
  path: string;
  file: string;
  methods: Set<"GET" | "POST">;
}

/** Every file of routes/ that answers requests; layouts, middlewares, error pages and parts are none. */
export async function screens(): Promise<Screen[]> {
  const found: Screen[] = [];
  for await (const file of filesIn("")) {
    const path = file.replace(/\.tsx?$/, "").replaceAll(/\([^/]*\)\//g, "").replace(/(^|\/)index$/, "");
    const source = await Deno.readTextFile(new URL(encodeURI(file), FOLDER));
    const methods = new Set((["GET", "POST"] as const).filter((method) => handles(source, method)));
    found.push({ path: `/${path}`, file, methods });
  }
  return found.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** The address of a screen, with `values` for what stands in brackets. @throws Error for one that has no value */
export function addressOf(screen: Screen, values: Record<string, string>): string {
  return screen.path.replaceAll(/\[(?:\.{3})?(\w+)\]/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`Cannot open ${screen.file}: no value for "${name}"`);
    return value;
  });
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(encodeURI(folder), FOLDER))) {
    const path = folder + entry.name;
    if (entry.isDirectory && entry.name !== "(_components)") yield* filesIn(`${path}/`);
    else if (entry.isFile && !entry.name.startsWith("_")) yield path;
  }
}

/** A handler names its methods, or a page without one answers GET. */
function handles(source: string, method: string): boolean {
  const named = new RegExp(`\\b${method}\\b\\s*[:(]`).test(source);
  return named || method === "GET" && !/\bhandlers?\b/.test(source);
}
