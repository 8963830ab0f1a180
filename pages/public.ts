import { setCookie } from "@std/http/cookie";
import { type Context, page } from "fresh";
import type { z } from "zod";
import type { State } from "@/define.ts";
import type { RequestInfo } from "@/domain/cx.ts";
import { deviceCookie, isPlainLocal, organisationCookie, sessionCookie } from "@/domain/auth/cookies.ts";
import type { SignedIn } from "@/domain/auth/sessions.ts";
import { parse } from "@/domain/validation.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { redirect } from "./flash.ts";
import { answered, type FormHandlers, type WithForm } from "./form_page.ts";
import { EMPTY_FORM, type FormState, type FormValues, readForm, type RefusedForm } from "./forms.ts";
import { refused } from "./load.ts";

export async function submitPublic<S extends z.ZodType>(
  ctx: Context<State>,
  form: {
    schema: S;
    prepare?: (values: FormValues) => FormValues;
    run: (request: RequestInfo, input: z.output<S>) => Promise<Response>;
  },
): Promise<Response | RefusedForm> {
  const values = await readForm(ctx);
  try {
    return await form.run(
      incomingOf(ctx.req),
      parse(form.schema, form.prepare ? form.prepare(values) : values),
    );
  } catch (error) {
    return await refused(ctx, values, error);
  }
}

/** The counterpart of `formPage` for no one signed in. The use case opens its own transactions. */
export function publicFormPage<S extends z.ZodType, D extends object = Record<never, never>>(
  { title, load, status, schema, prepare = (values) => values, run }: PublicForm<S, D>,
): FormHandlers<WithForm<D>> {
  const show = async (ctx: Context<State>, form: FormState): Promise<WithForm<D>> => {
    ctx.state.title = title;
    const data = await load?.(ctx, form) ?? {} as D;
    return { ...data, form };
  };
  return {
    async GET(ctx) {
      const data = await show(ctx, EMPTY_FORM);
      return page(data, { status: status?.(data) ?? 200 });
    },
    async POST(ctx) {
      const result = await submitPublic(ctx, {
        schema,
        prepare: (values) => prepare(values, ctx),
        run: (request, input) => run(request, input, ctx),
      });
      return await answered(result, (form) => show(ctx, form));
    },
  };
}

interface PublicForm<S extends z.ZodType, D extends object> {
  title: string;
  load?: (ctx: Context<State>, form: FormState) => Promise<D>;
  status?: (data: D) => number;
  schema: S;
  /** Adds what the form itself doesn't send, such as the token in the address. */
  prepare?: (values: FormValues, ctx: Context<State>) => FormValues;
  run: (request: RequestInfo, input: z.output<S>, ctx: Context<State>) => Promise<Response>;
}

/** Redirects a person who has just signed in to `to`, with the cookies of their session. */
export function signedIn(ctx: Context<State>, session: SignedIn, to: string): Response {
  const { config } = incomingOf(ctx.req).services;
  const response = redirect(ctx, localPath(to));
  setCookie(response.headers, sessionCookie(config, session.sessionToken, session.expiresAt));
  setCookie(response.headers, deviceCookie(config, session.deviceToken));
  setCookie(response.headers, organisationCookie(config, session.tenant.slug));
  return response;
}

const LOCAL = /^\/(?![/\\])[^\s\\]*$/;

/** `path` when it stays on this site, else /home; escaped for a header. */
export function localPath(path: string): string {
  if (!LOCAL.test(path)) return "/home";
  const { pathname, search, hash } = new URL(path, "http://localhost");
  // Leaving out dots can make two slashes of what had one: "/.//evil.example".
  return LOCAL.test(pathname) ? pathname + search + hash : "/home";
}

/** Over plain http browsers keep it only on this machine: elsewhere signing in would lead back to signing in. */
export function keepsCookies(ctx: Context<State>): boolean {
  const { config } = incomingOf(ctx.req).services;
  const local = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(ctx.url.hostname);
  if (isPlainLocal(config)) return local;
  return config.PUBLIC_URL.startsWith("https:") && ctx.url.host === new URL(config.PUBLIC_URL).host;
}
