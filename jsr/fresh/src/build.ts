import type { ComponentType } from "preact";
import { type App, setBuild } from "./app.ts";
import { setBuildId } from "./build_id.ts";
import type { RouteFile } from "./files.ts";

/** A file that is served as it is: what is in `static/`, and the scripts of the islands. */
export interface StaticFile {
  /** Relative to the folder of the build. */
  path: string;
  hash: string;
  contentType: string;
}

/** An exported component of an island module, and the script that has it in the browser. */
export interface Island {
  /** Unlike that of any other island. */
  name: string;
  exportName: string;
  /** Address of the script. */
  script: string;
}

/** What a build knows, ready to serve. */
export interface Build {
  /** Address of the browser runtime. */
  client: string;
  routes: RouteFile[];
  islands: Map<unknown, Island>;
  /** By percent-encoded URL path. */
  files: Map<string, StaticFile>;
  /** The address that the paths of files are relative to. */
  base: string;
}

/** The build of an app that nothing was built for. */
export const EMPTY_BUILD: Build = { client: "", routes: [], islands: new Map(), files: new Map(), base: "" };

/** What a build writes to `snapshot.js`. */
export interface Snapshot extends Pick<Build, "client" | "routes"> {
  buildId: string;
  islands: { script: string; name: string; mod: Record<string, unknown> }[];
  files: Record<string, StaticFile>;
}

/** Makes the function that serves a built app. `base` is the address of the snapshot's module. */
export function serveSnapshot<State>(
  app: App<State>,
  { snapshot, base }: { snapshot: Snapshot; base: string },
): (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response> {
  const { client, routes } = snapshot;
  setBuildId(snapshot.buildId);
  const files = new Map(Object.entries(snapshot.files));
  setBuild(app, { client, routes, islands: islandsOf(snapshot.islands), files, base });
  return app.handler();
}

/** Every function that a module in `islands/` exports is an island. */
function islandsOf(modules: Snapshot["islands"]): Map<unknown, Island> {
  const islands = new Map<unknown, Island>();
  const names = new Set<string>();
  for (const { script, name: file, mod } of modules) {
    for (const [exportName, value] of Object.entries(mod)) {
      if (typeof value !== "function") continue;
      const plain = exportName === "default" ? file : exportName;
      let name = plain;
      for (let i = 1; names.has(name); i++) name = `${plain}_${i}`;
      names.add(name);
      islands.set(value as ComponentType, { name, exportName, script });
    }
  }
  return islands;
}
