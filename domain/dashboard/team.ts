import type { UserCx } from "@/domain/cx.ts";
import { catchUp } from "@/domain/reports/facts/catch_up.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";
import { readAttainment } from "./attainment.ts";
import { readBacklog } from "./backlog.ts";
import { figureOf } from "./lists.ts";
import { readLoad } from "./load.ts";
import type { Team } from "./model.ts";

/** Changed tickets whose facts are made first; what is beyond waits for the job. */
const CAUGHT_UP = 200;

/** Of the whole organisation. */
export async function readTeam(cx: UserCx): Promise<Team> {
  const { more } = await catchUp(cx, CAUGHT_UP, { wait: false });
  const [reply, resolve, breached, backlog, load] = await Promise.all([
    readAttainment(cx, "reply"),
    readAttainment(cx, "resolve"),
    figureOf(cx, { status: ACTIVE, sla: "breached" }),
    readBacklog(cx),
    readLoad(cx),
  ]);
  return {
    firstResponse: reply.weeks,
    resolution: resolve.weeks,
    breachedToday: { firstResponse: reply.breachedToday, resolution: resolve.breachedToday },
    breached,
    ...backlog,
    ...load,
    complete: !more,
  };
}
