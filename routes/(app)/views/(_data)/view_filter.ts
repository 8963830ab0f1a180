import type { FormValues } from "@/pages/forms.ts";

/** A form carries the list's address as one field: what it filters by becomes the view's filter and order. */
export function withFilter(values: FormValues): Record<string, unknown> {
  const { query, ...rest } = values;
  if (typeof query !== "string") return values;
  const search = new URLSearchParams(query);
  const filter: Record<string, string[] | string> = {};
  for (const name of new Set(search.keys())) {
    if (!["sort", "view", "cursor", "limit"].includes(name)) {
      filter[name] = name === "q" ? search.get(name)! : search.getAll(name);
    }
  }
  return { ...rest, filter, sort: search.get("sort") || undefined };
}
