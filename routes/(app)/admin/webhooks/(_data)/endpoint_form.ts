import { type FormValues, withBoxes } from "@/pages/forms.ts";

/** The form's fields as the schema expects them. */
export function endpointInput(values: FormValues): FormValues {
  const { which, topics = [], ...rest } = withBoxes(values, ["includeInternal"]);
  return { ...rest, topics: which === "all" ? "all" : [topics].flat() };
}

/** An error about one topic is about the choice of topics. */
export function endpointErrors(errors: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors).map(([path, text]) => [path.startsWith("topics") ? "which" : path, text]),
  );
}
