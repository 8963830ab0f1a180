import type { Context } from "fresh";
import type { z } from "zod";
import type { State } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { changeDraft, type DraftField, readDraft, toDefinition } from "@/domain/catalog/draft.ts";
import type { UserCx } from "@/domain/cx.ts";
import { parse } from "@/domain/validation.ts";
import { redirect } from "@/pages/flash.ts";
import { type FormState, type FormValues, readForm } from "@/pages/forms.ts";
import { type Done, doneOnce, load, refused } from "@/pages/load.ts";

/** The editor to show again: after a button that changes the draft, or because it was refused. */
export interface Edited {
  draft: DraftField[];
  form: FormState;
  status: number;
}

/**
 * Handles the editor's form. Its buttons add, move and remove questions without saving anything.
 *
 * @returns the redirect once saved, else the editor to show again
 */
export async function takeEditor<S extends z.ZodType>(
  ctx: Context<State>,
  { schema, run }: { schema: S; run: (cx: UserCx, input: z.output<S>) => Promise<Done> },
): Promise<Response | Edited> {
  const values = await readForm(ctx);
  const pressed = typeof values.do === "string" ? values.do : "save";
  const draft = readDraft(values);
  if (pressed !== "save") {
    await load(ctx, async () => {}, MANAGERS);
    const form = { values: texts(values), errors: {} };
    return { draft: changeDraft(draft, pressed), form, status: 200 };
  }
  try {
    const done = await load(ctx, async (cx) => {
      const input = parse(schema, { ...values, fields: toDefinition(draft) });
      return await doneOnce(cx, () => run(cx, input), { path: ctx.url.pathname, values });
    }, MANAGERS);
    return redirect(ctx, done.to, done.flash);
  } catch (error) {
    const result = await refused(ctx, values, error);
    return result instanceof Response ? result : { draft, ...result };
  }
}

function texts(values: FormValues): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat()[0] ?? ""]));
}
