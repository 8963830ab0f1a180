import { define } from "@/define.ts";
import { DomainError } from "@/domain/errors.ts";
import { incomingOf } from "@/edge/incoming.ts";

/** Pages for developers of ServiceHub; not found unless DEV_PAGES is on. */
export default define.middleware((ctx) => {
  if (!incomingOf(ctx.req).services.config.DEV_PAGES) throw new DomainError("not_found");
  return ctx.next();
});
