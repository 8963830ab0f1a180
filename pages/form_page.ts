import { type Context, type HandlerFn, page, type PageResponse } from "fresh";
import type { z } from "zod";
import type { State } from "@/define.ts";
import type { UserCx } from "@/domain/cx.ts";
import { EMPTY_FORM, type FormState, type RefusedForm } from "./forms.ts";
import { type Form, load, submit } from "./load.ts";

/** What a page with a form shows: what it loaded, and the form with its values and errors. */
export type WithForm<D> = D & { form: FormState };

/** GET shows a page, POST takes its form. */
export interface FormHandlers<D> {
  GET: HandlerFn<D, State>;
  POST: HandlerFn<D, State>;
}

/**
 * A page with one form. GET shows it; POST runs the use case and redirects, or shows the page again with what was typed,
 * what is wrong and the refusal's status.
 *
 * ```ts
 * export const handler = formPage({
 *   roles: MANAGERS,
 *   load: async (cx, ctx) => ({ queue: await getQueue(cx, idParam(ctx, "queue")) }),
 *   title: ({ queue }) => queue.name, // after `load`, whose type it takes
 *   schema: EditQueue,
 *   run: async (cx, input, ctx) => {
 *     const queue = await editQueue(cx, { ...input, id: idParam(ctx, "queue") });
 *     return { to: "/admin/queues", flash: `${queue.name} saved` };
 *   },
 * });
 *
 * export default define.page<typeof handler>(({ data: { queue, form } }) => …);
 * ```
 */
export function formPage<S extends z.ZodType, D extends object = Record<never, never>>(
  form: Form<S> & {
    /** Reads what the page shows, in one transaction. */
    load?: (cx: UserCx, ctx: Context<State>, form: FormState) => Promise<D>;
    /** What the browser's tab says. */
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

/**
 * Takes a form of a page that has several, or that is shown in its own way.
 *
 * @param show loads the page again for a form that was refused
 */
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

/**
 * The handlers of an address that takes a form and shows nothing of its own, as a button does. A refusal is an error page.
 *
 * ```ts
 * export const handler = formAction({
 *   schema: z.object({}),
 *   run: async (cx, _, ctx) => {
 *     await deleteView(cx, idParam(ctx, "view"));
 *     return { to: "/views", flash: "View deleted" };
 *   },
 * });
 * ```
 */
export function formAction<S extends z.ZodType>(form: Form<S>): { POST: HandlerFn<never, State> } {
  return {
    POST: async (ctx) => {
      const result = await submit(ctx, form);
      if (result instanceof Response) return result;
      throw result.form.refusal!;
    },
  };
}
