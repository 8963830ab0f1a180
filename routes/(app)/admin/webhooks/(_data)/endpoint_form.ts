import type { FormValues } from "@/pages/forms.ts";

/** What the form sends, as the schema takes it: a box that isn't ticked is sent by no browser. */
export function endpointInput(values: FormValues): FormValues {
  const { which, topics = [], ...rest } = values;
  return {
    ...rest,
    topics: which === "all" ? "all" : [topics].flat(),
    includeInternal: values.includeInternal ?? "false",
  };
}
