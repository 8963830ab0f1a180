import type { MacroActions } from "@/domain/replies/macros/fields.ts";
import type { Macro } from "@/domain/replies/macros/read.ts";
import type { FormValues } from "@/pages/forms.ts";

const PREFIX = "actions.";

/** Collects the fields called `actions.…` into one object, as the schema expects. */
export function macroInput(values: FormValues): FormValues {
  const { ...input } = values as Record<string, unknown>;
  const actions: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (!name.startsWith(PREFIX)) continue;
    delete input[name];
    actions[name.slice(PREFIX.length)] = value;
  }
  if (Object.keys(actions).length > 0) input.actions = actions;
  return input as FormValues;
}

export function macroValues(macro: Pick<Macro, "name" | "description" | "actions">): Record<string, string> {
  const { addTags, removeTags, categoryId, queueId, assigneeId, ...actions } = macro.actions;
  const fields: Partial<Record<keyof MacroActions, string | undefined>> = {
    ...actions as Omit<MacroActions, "waitDays">,
    waitDays: actions.waitDays?.toString(),
    addTags: addTags.join(", "),
    removeTags: removeTags.join(", "),
    categoryId: choice(categoryId),
    queueId: choice(queueId),
    assigneeId: choice(assigneeId),
  };
  return {
    name: macro.name,
    description: macro.description,
    ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [PREFIX + name, value ?? ""])),
  };
}

function choice(value: string | null | undefined): string {
  return value === null ? "none" : value ?? "";
}
