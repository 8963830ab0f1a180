import type { Context } from "fresh";
import { Banner } from "@/components/Banner.tsx";
import { Button } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import type { State } from "@/define.ts";
import type { DomainError } from "@/domain/errors.ts";
import { isPassword } from "@/domain/shared/marks.ts";

/** With everything that was typed but passwords, and the idempotency key, so that nothing is done twice. */
export async function retryPage(
  ctx: Context<State>,
  values: Record<string, string | string[]>,
  error: DomainError,
): Promise<Response> {
  ctx.state.title = error.title;
  const all = Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one] as const)
  );
  const fields = all.filter(([name]) => !isPassword(name));
  const secret = all.filter(([name]) => isPassword(name));
  const typed = fields.filter(([, value]) => /\s/.test(value));
  return await ctx.render(
    <div class="page page-narrow">
      <PageHeader title="Not saved yet" />
      <Banner kind="warning">
        {error.title}. Your text is kept below. Send it again in a moment.
        {error.facts.errors?.some(({ path }) => path === "file") &&
          " The files were not kept. Add them again later."}
      </Banner>
      <form class="form" method="post" action={ctx.url.pathname}>
        {fields.map(([name, value], i) => <input key={i} type="hidden" name={name} value={value} />)}
        {typed.map(([name, value]) => <blockquote key={name} class="prose">{value}</blockquote>)}
        {secret.map(([name]) => (
          <Field
            key={name}
            name={name}
            label={name === "newPassword"
              ? "New password"
              : name === "currentPassword"
              ? "Current password"
              : "Password"}
            kind="password"
            autoComplete={name === "newPassword" ? "new-password" : "current-password"}
            required
          />
        ))}
        <div class="form-actions">
          <Button variant="primary">Send again</Button>
        </div>
      </form>
    </div>,
    { status: 503, headers: { "retry-after": String(error.facts.retryAfter ?? 2) } },
  );
}
