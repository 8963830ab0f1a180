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
      `Sign in at ${PUBLIC_URL}. Without https, browsers keep no session at any other address: ` +
        "open that address, or set PUBLIC_URL to the https address of this installation.",
    );
  }),
];
