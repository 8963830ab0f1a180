import { FormField } from "@/components/FormField.tsx";
import type { FormState } from "@/pages/forms.ts";

/** The address that somebody signs in with. */
export function EmailField({ form }: { form: FormState }) {
  return (
    <FormField
      form={form}
      name="email"
      label="Email"
      kind="email"
      autoComplete="username"
      autoFocus
      required
    />
  );
}
