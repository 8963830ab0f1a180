import type { Context } from "fresh";
import type { State } from "@/define.ts";
import type { UserCx } from "@/domain/cx.ts";
import { assertRole, REPORT_READERS } from "@/domain/permissions.ts";
import { catchUp } from "@/domain/reports/facts/catch_up.ts";
import { MOST_BEHIND } from "@/domain/reports/request.ts";
import { load } from "@/pages/load.ts";

/**
 * As {@link load}, once what changed is counted in a transaction of its own: nobody waits for that lock until a report is
 * read. @throws DomainError not_found for whoever isn't staff
 */
export async function loadReport<T>(ctx: Context<State>, fn: (cx: UserCx) => Promise<T>): Promise<T> {
  await load(ctx, async (cx) => {
    assertRole(cx, REPORT_READERS);
    await catchUp(cx, MOST_BEHIND);
  });
  return await load(ctx, fn);
}
