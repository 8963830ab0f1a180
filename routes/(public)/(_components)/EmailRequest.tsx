import { AuthLayout } from "@/components/AuthLayout.tsx";
import { Banner } from "@/components/Banner.tsx";
import { Button } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import type { FormState } from "@/pages/forms.ts";
import { EmailField } from "./EmailField.tsx";

/** A page that sends an email to an address if an account has it; `sent` doesn't reveal whether one does. */
export function EmailRequest({ title, intro, button, sent, form }: {
  title: string;
  intro: string;
  button: string;
  sent: string | undefined;
  form: FormState;
}) {
  return (
    <AuthLayout title={title} intro={intro} aside={<a href="/sign-in">Back to sign in</a>}>
      {sent && <Banner kind="success">{sent}</Banner>}
      <ErrorList form={form} only="general" />
      <form class="form" method="post">
        <EmailField form={form} />
        <Button variant="primary" block>{button}</Button>
      </form>
    </AuthLayout>
  );
}
