import { FormField } from "@/components/FormField.tsx";
import type { Option } from "@/components/types.ts";
import type { FormState } from "@/pages/forms.ts";

/** A choice of what a macro sets; none leaves it as it is. */
export function MacroSelect({ none = "No change", options, ...field }: {
  form: FormState;
  name: string;
  label: string;
  none?: string;
  options: Option[];
}) {
  return <FormField {...field} kind="select" options={[{ value: "", label: none }, ...options]} />;
}
