import { define } from "@/define.ts";
import { DomainError } from "@/domain/errors.ts";
import { MAIL_TEMPLATES, sampleMail } from "@/domain/mail/samples.ts";
import { incomingOf } from "@/edge/incoming.ts";

export const handler = define.handlers({
  GET(ctx) {
    const template = MAIL_TEMPLATES.find((name) => name === ctx.params.template);
    if (!template) throw new DomainError("not_found");
    const { text, html } = sampleMail(incomingOf(ctx.req).services, template);
    return ctx.url.searchParams.get("part") === "text"
      ? new Response(text, { headers: { "content-type": "text/plain; charset=utf-8" } })
      : new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
  },
});
