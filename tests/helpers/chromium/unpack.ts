/**
 * Unpacks the npm package `@sparticuz/chromium` into the folder that `TMPDIR` names: `chromium`, `fonts/` and `al2023/lib/`.
 * Run as a process of its own under the `deno.json` beside it, so that its 67 MB are in no lock file but this
 * folder's, and are downloaded only where a test needs a browser and finds none.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// Named at run time: a static import would enter the root's lock file when the root type-checks this file. By its bare
// name, because only that has Deno install the package; the file it resolves to may not be there yet.
const name = "@sparticuz/chromium";
const { inflate }: { inflate(archive: string): Promise<string> } = await import(name);
const archives = fileURLToPath(new URL("../bin/", import.meta.resolve(name)));
for (const archive of ["chromium.br", "fonts.tar.br", "al2023.tar.br"]) {
  await inflate(join(archives, archive));
}
