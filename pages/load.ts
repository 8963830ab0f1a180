import type { Context } from "fresh";
import type { z } from "zod";
import type { State } from "@/define.ts";
import { ANYONE, assertRole } from "@/domain/permissions.ts";
import { actAsUser, type Claim, type Role, type UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { once } from "@/domain/idempotency.ts";
import { sessionCookieName } from "@/domain/auth/cookies.ts";
import { sessionClaim } from "@/domain/auth/sessions.ts";
import { feedCursor } from "@/live/hub.ts";
import { countUnread } from "@/domain/notifications/inbox/list.ts";
import { parse } from "@/domain/validation.ts";
import { cookiesOf } from "@/edge/cookies.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { redirect } from "./flash.ts";
import { type FormValues, readForm, type RefusedForm, refusedForm, shownAgain } from "./forms.ts";
import { retryPage } from "./retry.tsx";
import { type ReadForm, readFormWithFiles, type TakesFiles } from "./uploads.ts";

/** The claim in the session cookie, not yet checked; null without one. */
export function claimOf(ctx: Context<State>): Claim | null {
  const { config } = incomingOf(ctx.req).services;
  const cookie = cookiesOf(ctx.req)[sessionCookieName(config)];
  return cookie === undefined ? null : sessionClaim(cookie);
}

/** In one transaction. @throws DomainError unauthenticated, forbidden, or what `fn` throws: the group's middleware answers */
export async function load<T>(
  ctx: Context<State>,
  fn: (cx: UserCx) => Promise<T>,
  roles: readonly Role[] = ANYONE,
): Promise<T> {
  return await enter(ctx, roles, async (cx) => {
    const [feed, unread, result] = await Promise.all([
      feedCursor(cx),
      countUnread(cx),
      Promise.resolve(cx).then(fn),
    ]);
    ctx.state.feed = feed;
    ctx.state.unread = unread;
    return result;
  });
}

async function enter<T>(
  ctx: Context<State>,
  roles: readonly Role[],
  fn: (cx: UserCx) => Promise<T>,
): Promise<T> {
  const claim = claimOf(ctx);
  if (!claim) throw new DomainError("unauthenticated");
  return await actAsUser(incomingOf(ctx.req), claim, async (cx) => {
    ctx.state.viewer = { actor: cx.actor, tenant: cx.tenant };
    assertRole(cx, roles);
    return await fn(cx);
  });
}

/** What a form did: `to` is where the browser goes next, `flash` the message there. */
export interface Done {
  to: string;
  flash?: string;
}

export interface Form<S extends z.ZodType> {
  schema: S;
  roles?: readonly Role[];
  /** Turns what a form can send into what the schema takes, as a local time into an instant. */
  prepare?: (
    values: FormValues,
    cx: UserCx,
    ctx: Context<State>,
  ) => Record<string, unknown> | Promise<Record<string, unknown>>;
  /** Whether a button was pressed that only changes what the form shows: it is shown again, and nothing runs. */
  again?: (values: FormValues) => boolean;
  /** Ids of the files come as `attachmentIds`. */
  files?: TakesFiles;
  run: (cx: UserCx, input: z.output<S>, ctx: Context<State>) => Promise<Done>;
}

/** By the API's own schema, in one transaction, then a redirect (303). @throws DomainError for what no form can mend */
export async function submit<S extends z.ZodType>(
  ctx: Context<State>,
  form: Form<S>,
): Promise<Response | RefusedForm> {
  const roles = form.roles ?? ANYONE;
  const { values, same, refusal } = form.files
    ? await readFormWithFiles(ctx, form.files, (fn) => enter(ctx, roles, fn))
    : await readForm(ctx).then((values): ReadForm => ({ values, same: values }));
  try {
    if (refusal) throw refusal;
    if (form.again?.(values)) return shownAgain(values);
    const done = await enter(ctx, roles, async (cx) => {
      const input = parse(form.schema, form.prepare ? await form.prepare(values, cx, ctx) : values);
      return await doneOnce(cx, () => form.run(cx, input, ctx), { path: ctx.url.pathname, values: same });
    });
    return redirect(ctx, done.to, done.flash);
  } catch (error) {
    return await refused(ctx, values, error);
  }
}

/** The form again for what the person can mend, a page that sends it again when the database is away. @throws the rest */
export async function refused(
  ctx: Context<State>,
  values: FormValues,
  error: unknown,
): Promise<Response | RefusedForm> {
  if (!(error instanceof DomainError)) throw error;
  if (error.status === 503) return await retryPage(ctx, values, error);
  ctx.state.retryAfter = error.facts.retryAfter;
  return refusedForm(error, values);
}

/** Once per `idempotencyKey`. The result is kept for a day: no secrets. @throws DomainError key_reused for other values */
export async function doneOnce<T>(
  cx: UserCx,
  run: () => Promise<T>,
  { path, values }: { path: string; values: FormValues },
): Promise<T> {
  const { idempotencyKey: key, ...rest } = values;
  if (typeof key !== "string" || key === "") return await run();
  const body = new TextEncoder().encode(JSON.stringify(rest));
  const answer = await once(cx, { key, route: `form ${path}`, body }, {
    work: async () => ({ status: 303, headers: {}, body: JSON.stringify(await run()) }),
    // It says where the browser goes next, where the policy is asked.
    again: ({ kept }) => Promise.resolve(kept),
  });
  return JSON.parse(answer.body) as T;
}
