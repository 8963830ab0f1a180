import type { Context } from "fresh";
import { Banner } from "../components/Banner.tsx";
import { Button } from "../components/Button.tsx";
import { PageHeader } from "../components/PageHeader.tsx";
import type { State } from "../define.ts";
import type { DomainError } from "../domain/errors.ts";

/**
 * Answers a form that couldn't be saved because the database was away: everything that was typed is there, in a form
 * that sends it again. Its idempotency key goes with it, so that a change that had gone through isn't made twice.
 */
export async function retryPage(
  ctx: Context<State>,
  values: Record<string, string | string[]>,
  error: DomainError,
): Promise<Response> {
  ctx.state.title = error.title;
  const fields = Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one] as const)
  );
  const typed = fields.filter(([, value]) => /\s/.test(value));
  return await ctx.render(
    <div class="page page-narrow">
      <PageHeader title="Not saved yet" />
      <Banner kind="warning">{error.title}. What you wrote is kept below: send it again in a moment.</Banner>
      <form class="form" method="post" action={ctx.url.pathname}>
        {fields.map(([name, value], i) => <input key={i} type="hidden" name={name} value={value} />)}
        {typed.map(([name, value]) => <blockquote key={name} class="prose">{value}</blockquote>)}
        <div class="form-actions">
          <Button variant="primary">Send again</Button>
        </div>
      </form>
    </div>,
    { status: 503, headers: { "retry-after": String(error.facts.retryAfter ?? 2) } },
  );
}
