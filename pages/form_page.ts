import { type Context, type HandlerFn, page, type PageResponse } from "fresh";
import type { z } from "zod";
import type { State } from "@/define.ts";
import type { UserCx } from "@/domain/cx.ts";
import { EMPTY_FORM, type FormState, type RefusedForm } from "./forms.ts";
import { type Form, load, submit } from "./load.ts";

export type WithForm<D> = D & { form: FormState };

export interface FormHandlers<D> {
  GET: HandlerFn<D, State>;
  POST: HandlerFn<D, State>;
}

/**
 * The handlers of a page with one form: `run` is what POST does, `load` reads what is shown, in one transaction each.
 * `title` takes its type from `load`, so it goes after it.
 *
 * ```ts
 * export const handler = formPage({
 *   load: async (cx, ctx) => ({ queue: await getQueue(cx, idParam(ctx, "queue")) }),
 *   title: ({ queue }) => queue.name,
 *   schema: EditQueue,
 *   run: async (cx, input) => ({ to: "/queues", flash: `${(await editQueue(cx, input)).name} saved` }),
 * });
 * export default define.page<typeof handler>(({ data: { queue, form } }) => …);
 * ```
 */
export function formPage<S extends z.ZodType, D extends object = Record<never, never>>(
  form: Form<S> & {
    load?: (cx: UserCx, ctx: Context<State>, form: FormState) => Promise<D>;
    title: string | ((data: D) => string);
  },
): FormHandlers<WithForm<D>> {
  const show = async (ctx: Context<State>, state: FormState): Promise<WithForm<D>> => {
    const read = form.load ?? (() => Promise.resolve({} as D));
    const data = await load(ctx, (cx) => read(cx, ctx, state), form.roles);
    ctx.state.title = typeof form.title === "string" ? form.title : form.title(data);
    return { ...data, form: state };
  };
  return {
    GET: async (ctx) => page(await show(ctx, EMPTY_FORM)),
    POST: (ctx) => takeForm(ctx, form, (state) => show(ctx, state)),
  };
}

/** Takes a form of a page that has several; `show` loads the page again when it is refused. */
export async function takeForm<S extends z.ZodType, D>(
  ctx: Context<State>,
  form: Form<S>,
  show: (form: FormState) => Promise<D>,
): Promise<Response | PageResponse<D>> {
  return await answered(await submit(ctx, form), show);
}

/** The answer to a form: where it leads, or the page that `show` loads again for one that was refused. */
export async function answered<D>(
  result: Response | RefusedForm,
  show: (form: FormState) => D | Promise<D>,
): Promise<Response | PageResponse<D>> {
  return result instanceof Response ? result : page(await show(result.form), { status: result.status });
}

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
