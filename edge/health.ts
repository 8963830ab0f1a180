import { isCurrent } from "@/db/migrate.ts";
import { incomingOf } from "./incoming.ts";

export function health(): Response {
  return Response.json({ status: "ok" });
}

/** Whether the database answers with this version's schema. Also reports the bus, which may be down. */
export async function ready({ req }: { req: Request }): Promise<Response> {
  const current = await isCurrent().catch(() => false);
  const { over, up } = incomingOf(req).services.bus.state();
  return Response.json({ status: current ? "ready" : "not ready", bus: { over, up } }, {
    status: current ? 200 : 503,
    headers: current ? {} : { "retry-after": "2" },
  });
}
