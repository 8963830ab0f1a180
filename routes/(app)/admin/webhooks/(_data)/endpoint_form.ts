import type { FormValues } from "@/pages/forms.ts";

/** The form's fields as the schema expects them: browsers don't send unticked boxes. */
export function endpointInput(values: FormValues): FormValues {
  const { which, topics = [], ...rest } = values;
  return {
    ...rest,
    topics: which === "all" ? "all" : [topics].flat(),
    includeInternal: values.includeInternal ?? "false",
  };
}
