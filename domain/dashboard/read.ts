import type { UserCx } from "@/domain/cx.ts";
import { ADMINS, isStaff, MANAGERS } from "@/domain/permissions.ts";
import { readHealth } from "./health.ts";
import type { Dashboard } from "./model.ts";
import { readRequests } from "./requests.ts";
import { readTeam } from "./team.ts";
import { readWork } from "./work.ts";

/** What the actor needs to know first: requesters of their requests, staff of their work, managers of the team too. */
export async function readDashboard(cx: UserCx): Promise<Dashboard> {
  const { role } = cx.actor;
  const team = MANAGERS.includes(role) ? await readTeam(cx) : null;
  const [requests, work, health] = await Promise.all([
    isStaff(role) ? null : readRequests(cx),
    isStaff(role) ? readWork(cx) : null,
    ADMINS.includes(role) ? readHealth(cx) : null,
  ]);
  return { madeAt: cx.now, requests, work, team, health };
}
