import type { Option } from "@/components/types.ts";
import type { Named } from "@/domain/shared/types.ts";

/** Things to choose from; `current` is among them even if archived, so that saving keeps it. */
export function optionsOf(things: readonly Named[], current?: Named | null): Option[] {
  const missing = current && !things.some(({ id }) => id === current.id)
    ? [{ value: current.id, label: `${current.name} (archived)` }]
    : [];
  return [...missing, ...things.map(({ id, name }) => ({ value: id, label: name }))];
}

/** A fixed list to choose from. */
export function labelledOptions<V extends string>(
  values: readonly V[],
  labels: Readonly<Record<V, string>>,
): Option[] {
  return values.map((value) => ({ value, label: labels[value] }));
}
