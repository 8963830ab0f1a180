import { type Context, type HandlerFn, page, type PageResponse } from "fresh";
import type { z } from "zod";
import type { State } from "@/define.ts";
import type { UserCx } from "@/domain/cx.ts";
import { parse } from "@/domain/validation.ts";
import { EMPTY_FORM, type FormState, readForm, type RefusedForm } from "./forms.ts";
import { doneOnce, type Form, load, refused, submit } from "./load.ts";

export type WithForm<D> = D & { form: FormState };

export interface FormHandlers<D> {
  GET: HandlerFn<D, State>;
  POST: HandlerFn<D, State>;
}

/**
 * `run` is what POST does, `load` reads what is shown, in one transaction each.
 * `title` takes its type from `load`, so it goes after it.
 */
export function formPage<S extends z.ZodType, D extends object = Record<never, never>>(
  form: PageForm<S, D>,
): FormHandlers<WithForm<D>> {
  const show = (ctx: Context<State>, state: FormState) => showForm(ctx, form, state);
  return {
    GET: async (ctx) => page(await show(ctx, EMPTY_FORM)),
    POST: (ctx) => takeForm(ctx, form, (state) => show(ctx, state)),
  };
}

type PageForm<S extends z.ZodType, D extends object> = Form<S> & {
  load?: (cx: UserCx, ctx: Context<State>, form: FormState) => Promise<D>;
  title: string | ((data: D) => string);
};

async function showForm<D extends object>(
  ctx: Context<State>,
  form: Pick<PageForm<z.ZodType, D>, "load" | "title" | "roles">,
  state: FormState,
): Promise<WithForm<D>> {
  return await load(ctx, (cx) => readPage(cx, ctx, form, state), form.roles);
}

async function readPage<D extends object>(
  cx: UserCx,
  ctx: Context<State>,
  form: Pick<PageForm<z.ZodType, D>, "load" | "title">,
  state: FormState,
): Promise<WithForm<D>> {
  const data = await form.load?.(cx, ctx, state) ?? {} as D;
  ctx.state.title = typeof form.title === "string" ? form.title : form.title(data);
  return { ...data, form: state };
}

/** Takes a form of a page that has several; `show` loads the page again when it is refused. */
export async function takeForm<S extends z.ZodType, D>(
  ctx: Context<State>,
  form: Form<S>,
  show: (form: FormState) => Promise<D>,
): Promise<Response | PageResponse<D>> {
  return await answered(await submit(ctx, form), show);
}

export async function answered<D>(
  result: Response | RefusedForm,
  show: (form: FormState) => D | Promise<D>,
): Promise<Response | PageResponse<D>> {
  return result instanceof Response ? result : page(await show(result.form), { status: result.status });
}

/** The result is in the answer, without a redirect: a secret must pass through no address and no cookie. */
export function revealPage<S extends z.ZodType, R, D extends object = Record<never, never>>(
  form: Omit<PageForm<S, D>, "run" | "again" | "files"> & {
    /** `once` runs its part once, however often the form is sent. Its result is kept for a day, so it must be no secret. */
    run: (cx: UserCx, input: z.output<S>, ctx: Context<State>, once: Once) => Promise<R>;
    status?: number;
  },
): FormHandlers<WithForm<D> & { revealed: R | null }> {
  const show = async (ctx: Context<State>, state: FormState, revealed: R | null) => {
    return { ...await showForm(ctx, form, state), revealed };
  };
  return {
    GET: async (ctx) => page(await show(ctx, EMPTY_FORM, null)),
    POST: async (ctx) => {
      const values = await readForm(ctx);
      try {
        // In one transaction: what can be shown only once isn't lost between two.
        const shown = await load(ctx, async (cx) => {
          const input = parse(form.schema, form.prepare ? await form.prepare(values, cx, ctx) : values);
          const once: Once = (run) => doneOnce(cx, run, { path: ctx.url.pathname, values });
          const revealed = await form.run(cx, input, ctx, once);
          return { ...await readPage(cx, ctx, form, EMPTY_FORM), revealed };
        }, form.roles);
        return page(shown, { status: form.status ?? 200 });
      } catch (error) {
        return await answered(await refused(ctx, values, error), (state) => show(ctx, state, null));
      }
    },
  };
}

type Once = <T>(run: () => Promise<T>) => Promise<T>;

/** The handler of a button: it shows nothing of its own, so a refusal is an error page. */
export function formAction<S extends z.ZodType>(form: Form<S>): { POST: HandlerFn<never, State> } {
  return {
    POST: async (ctx) => {
      const result = await submit(ctx, form);
      if (result instanceof Response) return result;
      throw result.form.refusal!;
    },
  };
}
