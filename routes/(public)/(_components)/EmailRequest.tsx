import { AuthLayout } from "@/components/AuthLayout.tsx";
import { Banner } from "@/components/Banner.tsx";
import { Button } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { FormField } from "@/components/FormField.tsx";
import type { FormState } from "@/pages/forms.ts";
import { EmailField } from "./EmailField.tsx";

/** A page that sends an email to an address if an account has it; `sent` doesn't reveal whether one does. */
export function EmailRequest({ title, intro, button, sent, form, organisation = null }: {
  title: string;
  intro: string;
  button: string;
  sent: string | undefined;
  form: FormState;
  /** Null where none is to be named. */
  organisation?: string | null;
}) {
  return (
    <AuthLayout title={title} intro={intro} aside={<a href="/sign-in">Back to sign in</a>}>
      {sent && <Banner kind="success">{sent}</Banner>}
      <ErrorList form={form} only="general" />
      <form class="form" method="post">
        <EmailField form={form} />
        {organisation !== null && (
          <FormField
            form={form}
            name="organisation"
            label="Organisation"
            value={organisation}
            hint="Its short name. Leave empty for all organisations where you confirmed this address"
            autoComplete="organization"
            optional
          />
        )}
        <Button variant="primary" block>{button}</Button>
      </form>
    </AuthLayout>
  );
}
