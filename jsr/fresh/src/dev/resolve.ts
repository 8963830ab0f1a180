import type { Plugin } from "esbuild";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

interface Config {
  dir: string;
  name?: string;
  imports: Record<string, string>;
  exports: Record<string, string>;
  links: string[];
}

/** Reads the deno.json of a folder or of the nearest one above it. Throws if there is none. */
async function readConfig(dir: string): Promise<Config> {
  for (let at = dir;; at = dirname(at)) {
    try {
      const { name, imports = {}, exports = {}, links = [] } = JSON.parse(
        await Deno.readTextFile(`${at}/deno.json`),
      );
      return {
        dir: at,
        name,
        imports,
        exports: typeof exports === "string" ? { ".": exports } : exports,
        links,
      };
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      if (at === dirname(at)) throw new Error(`Cannot bundle: found no deno.json in "${dir}" or above`);
    }
  }
}

/** What an import map makes of a specifier; undefined for what it doesn't name. */
function mapped(specifier: string, imports: Record<string, string>): string | undefined {
  if (imports[specifier] !== undefined) return imports[specifier];
  for (const key of Object.keys(imports).sort((a, b) => b.length - a.length)) {
    const target = imports[key]!;
    const prefix = key.endsWith("/") ? key : `${key}/`;
    const isOpen = key.endsWith("/") || /^(?:npm|jsr):/.test(target);
    if (isOpen && specifier.startsWith(prefix)) {
      return `${target.replace(/\/$/, "")}/${specifier.slice(prefix.length)}`;
    }
  }
}

/** Splits "npm:@scope/name@^1/sub" into its name and the path below it. */
function packageOf(specifier: string): { name: string; sub: string } {
  const [, name = "", sub = ""] =
    /^(?:npm:|jsr:)?\/?((?:@[^/]+\/)?[^@/]+)(?:@[^/]*)?(\/.*)?$/.exec(specifier) ??
      [];
  return { name, sub };
}

const OWN_DEPENDENCIES = ["preact", "@preact/signals", "devalue"];

/**
 * Makes an esbuild plugin that resolves imports as Deno does: by the import map of the project or of the linked
 * package that the importing file belongs to; npm packages from `node_modules`, linked JSR packages from their folder.
 */
export async function denoResolver(root: string): Promise<Plugin> {
  const project = await readConfig(root);
  const own = await readConfig(dirname(fileURLToPath(new URL(".", import.meta.url))));
  const links = await Promise.all(project.links.map((link) => readConfig(resolve(project.dir, link))));
  const linked = [own, ...links.filter(({ dir }) => dir !== own.dir)];
  // Deno may unpack a package twice for its peers; hooks and signals only work with one copy of each.
  const dirs = new Map(OWN_DEPENDENCIES.map((name) => [name, fileURLToPath(import.meta.resolve(name))]));
  // The innermost folder: a project may lie inside a linked package, as the tests' fixture does.
  const owners = [project, ...linked].sort((a, b) => b.dir.length - a.dir.length);
  const ownerOf = (file: string) => owners.find(({ dir }) => file.startsWith(`${dir}/`)) ?? project;

  return {
    name: "deno",
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, pluginData }) => {
        if (pluginData === "resolved" || kind === "entry-point") return;
        if (importer.includes("/node_modules/") && !/^preact(?:\/|$)/.test(path)) return;
        const owner = ownerOf(importer);
        const byOwner = mapped(path, owner.imports);
        const target = byOwner ?? mapped(path, project.imports) ?? path;
        if (/^\.{0,2}\//.test(target)) {
          return { path: resolve((byOwner === undefined ? project : owner).dir, target) };
        }
        const { name, sub } = packageOf(target);
        if (target.startsWith("jsr:")) {
          const link = linked.find((config) => config.name === name);
          const file = link?.exports[`.${sub}`];
          if (link !== undefined && file !== undefined) return { path: resolve(link.dir, file) };
          return { errors: [{ text: `Cannot bundle "${path}": "${target}" is not a linked package` }] };
        }
        const resolveDir = dirname(dirs.get(name) ?? `${project.dir}/deno.json`);
        return await build.resolve(name + sub, { resolveDir, kind, pluginData: "resolved" });
      });
    },
  };
}
