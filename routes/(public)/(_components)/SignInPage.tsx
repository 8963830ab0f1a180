import { type Context, page, type PageProps, type PageResponse } from "fresh";
import { cookiesOf } from "@/edge/cookies.ts";
import { AuthLayout } from "@/components/AuthLayout.tsx";
import { Banner } from "@/components/Banner.tsx";
import { Button } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import type { State } from "@/define.ts";
import { deviceCookieName } from "@/domain/auth/cookies.ts";
import { SignIn, signIn } from "@/domain/auth/sign_in.ts";
import { soleTenant } from "@/domain/organisations/tenants.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { signedIn, submitPublic } from "@/pages/public.ts";

export interface SignInData {
  form: FormState;
  /** Whether there are several organisations, so that one has to be named. */
  several: boolean;
  next: string;
}

export async function signInForm(ctx: Context<State>, organisation = ""): Promise<SignInData> {
  ctx.state.title = "Sign in";
  const { total } = await soleTenant();
  return {
    form: { ...EMPTY_FORM, values: { organisation } },
    several: total > 1,
    next: ctx.url.searchParams.get("next") ?? "",
  };
}

/** Signs in and returns to the page that was asked for. */
export async function takeSignIn(ctx: Context<State>): Promise<Response | PageResponse<SignInData>> {
  let next = "";
  const result = await submitPublic(ctx, {
    schema: SignIn,
    prepare: (values) => {
      next = typeof values.next === "string" ? values.next : "";
      return values;
    },
    run: async (request, input) => {
      const device = cookiesOf(ctx.req)[deviceCookieName(request.services.config)];
      return signedIn(ctx, await signIn(request, input, { device }), next || "/home");
    },
  });
  if (result instanceof Response) return result;
  const data = await signInForm(ctx);
  return page({ ...data, form: result.form, next }, { status: result.status });
}

export function SignInPage({ data, state }: PageProps<SignInData, State>) {
  const { values, errors } = data.form;
  const general = errors[""];
  return (
    <AuthLayout
      title="Sign in"
      aside={<a href="/forgot-password">Forgot your password?</a>}
      foot={<a href="/find-organisation">Find my organisation</a>}
    >
      {state.flash && <Banner kind="success">{state.flash}</Banner>}
      <FormErrors errors={general ? [{ field: "", message: general }] : []} />
      <form class="form" method="post" action="/sign-in">
        <input type="hidden" name="next" value={data.next} />
        {data.several
          ? (
            <Field
              name="organisation"
              label="Organisation"
              value={values.organisation}
              error={errors.organisation}
              hint="Its short name, as in its sign-in address"
              autoComplete="organization"
              required
            />
          )
          : null}
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
        <Field
          name="password"
          label="Password"
          kind="password"
          error={errors.password}
          autoComplete="current-password"
          required
        />
        <Button variant="primary" block>Sign in</Button>
      </form>
    </AuthLayout>
  );
}
