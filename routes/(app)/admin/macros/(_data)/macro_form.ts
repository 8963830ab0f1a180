import type { MacroActions } from "@/domain/replies/macros/fields.ts";
import type { Macro } from "@/domain/replies/macros/read.ts";

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
    ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [`actions.${name}`, value ?? ""])),
  };
}

function choice(value: string | null | undefined): string {
  return value === null ? "none" : value ?? "";
}
