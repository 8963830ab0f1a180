/** The message after an edit: "Macro “Wait” archived". */
export function editFlash(thing: string, archived?: boolean): string {
  if (archived === undefined) return `${thing} saved`;
  return `${thing} ${archived ? "archived" : "restored"}`;
}

/** The message after an edit that made a new version of a policy or calendar. */
export function versionFlash(
  kind: string,
  { name, version }: { name: string; version: number },
  { archived, applyToOpen }: { archived?: boolean | undefined; applyToOpen: boolean },
): string {
  if (archived !== undefined) return editFlash(`${kind} “${name}”`, archived);
  const open = applyToOpen ? "; open tickets switch within a minute" : "";
  return `Version ${version} of “${name}” now applies to new tickets${open}`;
}
