import { define } from "@/define.ts";
import { DomainError } from "@/domain/errors.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { showErrors } from "@/pages/errors.ts";
import { keepsCookies } from "@/pages/public.ts";

export default [
  showErrors,
  define.middleware((ctx) => {
    if (keepsCookies(ctx)) return ctx.next();
    const { PUBLIC_URL } = incomingOf(ctx.req).services.config;
    throw new DomainError(
      "bad_request",
      `Signing in works at ${PUBLIC_URL}. Elsewhere a browser keeps no session without https: ` +
        "open that address, or have PUBLIC_URL set to the https address of this desk.",
    );
  }),
];
