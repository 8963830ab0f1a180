import { isCurrent } from "../db/migrate.ts";

/** Whether the process runs. */
export function health(): Response {
  return Response.json({ status: "ok" });
}

/** Whether the process can serve: the database answers and has this version's schema. */
export async function ready(): Promise<Response> {
  const current = await isCurrent().catch(() => false);
  return Response.json({ status: current ? "ready" : "not ready" }, {
    status: current ? 200 : 503,
    headers: current ? {} : { "retry-after": "2" },
  });
}
