import { AcceptInvitation, acceptInvitation } from "@/domain/auth/accept_invitation.ts";
import {
  deviceCookie,
  deviceCookieName,
  endedCookie,
  refreshCookie,
  refreshCookieName,
  sessionCookieName,
} from "@/domain/auth/cookies.ts";
import { FindOrganisations, findOrganisations } from "@/domain/auth/find_organisations.ts";
import { type Refreshed, refreshSession } from "@/domain/auth/refresh.ts";
import {
  RegisterOrganisation,
  registerOrganisation,
} from "@/domain/organisations/registration/registration.ts";
import { ForgotPassword, requestPasswordReset } from "@/domain/auth/forgot_password.ts";
import { ResetPassword, resetPassword } from "@/domain/auth/password_reset.ts";
import type { SignedIn } from "@/domain/auth/sessions.ts";
import { SignIn, signIn } from "@/domain/auth/sign_in.ts";
import { signOut } from "@/domain/auth/sign_out.ts";
import type { RequestInfo } from "@/domain/cx.ts";
import { type AnyOperation, type Http, publicOperation, type Reply } from "./operation.ts";
import { SignedInSchema } from "./schemas/people.ts";

const tag = "Sign-in";

/** A new session for an API client: the access token in the body, refresh and device tokens as cookies. */
function welcome({ services: { config } }: RequestInfo, http: Http, signedIn: SignedIn): Reply {
  http.setCookie(refreshCookie(config, signedIn.refreshToken, signedIn.expiresAt));
  http.setCookie(deviceCookie(config, signedIn.deviceToken));
  return { body: bodyOf(signedIn) };
}

function bodyOf({ accessToken, expiresIn, user, tenant }: Refreshed) {
  return { accessToken, expiresIn, user, tenant };
}

export const auth: AnyOperation[] = [
  publicOperation({
    method: "post",
    path: "/auth/register",
    tag,
    summary: "Register an organisation and its first administrator",
    body: RegisterOrganisation,
    status: 201,
    response: SignedInSchema,
    run: async (request, { body }, http) => {
      const reply = welcome(request, http, await registerOrganisation(request, body));
      return { ...reply, headers: { location: "/v1/me" } };
    },
  }),
  publicOperation({
    method: "post",
    path: "/auth/login",
    tag,
    summary: "Sign in to an organisation",
    body: SignIn,
    status: 200,
    response: SignedInSchema,
    run: async (request, { body }, http) => {
      const device = http.cookie(deviceCookieName(request.services.config));
      return welcome(request, http, await signIn(request, body, { device }));
    },
  }),
  publicOperation({
    method: "post",
    path: "/auth/refresh",
    tag,
    summary: "Exchange the refresh cookie for a new one and an access token",
    status: 200,
    response: SignedInSchema,
    run: async (request, _input, http) => {
      const { config } = request.services;
      const refreshed = await refreshSession(request, http.cookie(refreshCookieName(config)));
      http.setCookie(refreshCookie(config, refreshed.refreshToken, refreshed.expiresAt));
      return { body: bodyOf(refreshed) };
    },
  }),
  publicOperation({
    method: "post",
    path: "/auth/logout",
    tag,
    summary: "Sign out: end the session of the bearer token, session cookie or refresh cookie",
    status: 204,
    run: async (request, _input, http) => {
      const { config } = request.services;
      await signOut(request, { claim: http.claim, refreshToken: http.cookie(refreshCookieName(config)) });
      http.setCookie(endedCookie(config, refreshCookieName(config)));
      http.setCookie(endedCookie(config, sessionCookieName(config)));
      return {};
    },
  }),
  publicOperation({
    method: "post",
    path: "/auth/password/forgot",
    tag,
    summary: "Email a password reset link. The answer is the same for every address",
    body: ForgotPassword,
    status: 202,
    run: async (request, { body }) => {
      await requestPasswordReset(request, body);
      return {};
    },
  }),
  publicOperation({
    method: "post",
    path: "/auth/password/reset",
    tag,
    summary: "Set a new password with a reset token. Ends all sessions",
    body: ResetPassword,
    status: 204,
    run: async (request, { body }) => {
      await resetPassword(request, body);
      return {};
    },
  }),
  publicOperation({
    method: "post",
    path: "/auth/organisations/find",
    tag,
    summary:
      "Email someone the sign-in pages of their organisations. The answer is the same for every address",
    body: FindOrganisations,
    status: 202,
    run: async (request, { body }) => {
      await findOrganisations(request, body);
      return {};
    },
  }),
  publicOperation({
    method: "post",
    path: "/auth/invitations/accept",
    tag,
    summary: "Accept an invitation and sign in",
    body: AcceptInvitation,
    status: 201,
    response: SignedInSchema,
    run: async (request, { body }, http) => {
      const reply = welcome(request, http, await acceptInvitation(request, body));
      return { ...reply, headers: { location: "/v1/me" } };
    },
  }),
];
