import type { PageProps } from "fresh";
import { AuthLayout } from "@/components/AuthLayout.tsx";
import { Banner } from "@/components/Banner.tsx";
import { Button } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { FormField } from "@/components/FormField.tsx";
import type { State } from "@/define.ts";
import type { WithForm } from "@/pages/form_page.ts";
import type { SignInData } from "@/routes/(public)/(_data)/sign_in.ts";
import { EmailField } from "./EmailField.tsx";

export function SignInPage({ data, state }: PageProps<WithForm<SignInData>, State>) {
  const { form, several, organisation, next } = data;
  return (
    <AuthLayout
      title="Sign in"
      aside={<a href="/forgot-password">Forgot your password?</a>}
      foot={<a href="/find-organisation">Find my organisation</a>}
    >
      {state.flash && <Banner kind="success">{state.flash}</Banner>}
      <ErrorList form={form} only="general" />
      <form class="form" method="post" action="/sign-in">
        <input type="hidden" name="next" value={next} />
        {several && (
          <FormField
            form={form}
            name="organisation"
            label="Organisation"
            value={organisation}
            hint="Its short name, as in its sign-in address"
            autoComplete="organization"
            required
          />
        )}
        <EmailField form={form} />
        <FormField
          form={form}
          name="password"
          label="Password"
          kind="password"
          autoComplete="current-password"
          required
        />
        <Button variant="primary" block>Sign in</Button>
      </form>
    </AuthLayout>
  );
}
