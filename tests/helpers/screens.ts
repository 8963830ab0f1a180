/** The files of routes/ by the addresses they answer, for sweeps over all pages. */
import { addressOf } from "@/cli/attack/screens.ts";
import type { Organisation } from "./organisations.ts";

export { addressOf };

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
    const { handler, default: page } = await import(new URL(encodeURI(file), FOLDER).href);
    const methods = new Set(
      (["GET", "POST"] as const).filter((method) => handles(handler, { method, page })),
    );
    found.push({ path: `/${path}`, file, methods });
  }
  return found.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** What stands in brackets: things that everyone may see who may see any. */
export async function placeholders({ people, ids }: Organisation): Promise<Record<string, string>> {
  return {
    key: (await people.REQUESTER.get(`/tickets/${ids.ticket}`)).body.key as string,
    id: ids.user,
    address: ids.suppressed,
    view: ids.view,
    saved: ids.savedReport,
    queue: ids.queue,
    report: "volume",
    item: ids.item,
    category: ids.category,
    comment: ids.comment,
    reply: ids.canned_reply,
    macro: ids.macro,
    policy: ids.slaPolicy,
    calendar: ids.calendar,
    message: ids.message,
    endpoint: ids.webhook,
    delivery: ids.delivery,
    slug: people.ADMIN.tenant.slug,
    file: ids.attachment,
    token: "0-0-0",
    template: "comment_added",
    path: "nowhere",
  };
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(encodeURI(folder), FOLDER))) {
    const path = folder + entry.name;
    if (entry.isDirectory && !entry.name.startsWith("(_")) yield* filesIn(`${path}/`);
    else if (entry.isFile && !entry.name.startsWith("_")) yield path;
  }
}

/** As the framework has it: a function takes every method, an object those it has, and a page without one GET. */
function handles(handler: unknown, { method, page }: { method: "GET" | "POST"; page: unknown }): boolean {
  if (typeof handler === "function") return true;
  const named = handler !== undefined && Object.hasOwn(handler as object, method);
  return named || method === "GET" && page !== undefined;
}
