import { page } from "fresh";
import type { z } from "zod";
import { AuthLayout } from "@/components/AuthLayout.tsx";
import { Banner } from "@/components/Banner.tsx";
import { Button } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { define } from "@/define.ts";
import type { RequestInfo } from "@/domain/cx.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { redirect } from "@/pages/flash.ts";
import { submitPublic } from "@/pages/public.ts";

/** A page that sends an email to an address if an account has it, without revealing whether one does. */
export function mailRequest<S extends z.ZodType>(words: {
  title: string;
  intro: string;
  button: string;
  sent: string;
  schema: S;
  run: (request: RequestInfo, input: z.output<S>) => Promise<void>;
}) {
  const handler = define.handlers<{ form: FormState }>({
    GET(ctx) {
      ctx.state.title = words.title;
      return page({ form: EMPTY_FORM });
    },
    async POST(ctx) {
      ctx.state.title = words.title;
      const result = await submitPublic(ctx, {
        schema: words.schema,
        run: async (request, input) => {
          await words.run(request, input);
          return redirect(ctx, ctx.url.pathname, words.sent);
        },
      });
      if (result instanceof Response) return result;
      return page({ form: result.form }, { status: result.status });
    },
  });
  const Page = define.page<typeof handler>(({ data: { form: { values, errors } }, state }) => (
    <AuthLayout title={words.title} intro={words.intro} aside={<a href="/sign-in">Back to sign in</a>}>
      {state.flash && <Banner kind="success">{state.flash}</Banner>}
      <FormErrors errors={errors[""] ? [{ field: "", message: errors[""] }] : []} />
      <form class="form" method="post">
        <Field
          name="email"
          label="Email"
          kind="email"
          value={values.email}
          error={errors.email}
          autoComplete="username"
          autoFocus
          required
        />
        <Button variant="primary" block>{words.button}</Button>
      </form>
    </AuthLayout>
  ));
  return { handler, Page };
}
