import { ADMINS } from "@/domain/permissions.ts";
import {
  getInvitation,
  type InvitationView,
  InviteUser,
  inviteUser,
  ListInvitations,
  listInvitations,
  revokeInvitation,
  withAcceptUrl,
} from "@/domain/accounts/invitations.ts";
import { ChangePerson, changePerson } from "@/domain/handover/leave.ts";
import { readResponsibilities } from "@/domain/handover/responsibilities.ts";
import { ListUsers, listUsers, readUser } from "@/domain/accounts/users.ts";
import { reference, version } from "@/domain/validation.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { idPath } from "./paths.ts";
import { InvitationSchema, ResponsibilitiesSchema, UserSchema } from "./schemas/people.ts";
import { pageOf } from "./schemas/tickets.ts";

const tag = "People";

export const users: AnyOperation[] = [
  operation({
    method: "get",
    path: "/users",
    tag,
    summary: "List users by name",
    roles: ADMINS,
    query: ListUsers,
    status: 200,
    response: pageOf(UserSchema),
    run: async (cx, { query }) => ({ body: await listUsers(cx, query) }),
  }),
  operation({
    method: "get",
    path: "/users/{id}",
    tag,
    summary: "Get a user",
    roles: ADMINS,
    params: idPath,
    status: 200,
    response: UserSchema,
    run: async (cx, { params }) => ({ body: await readUser(cx, params.id) }),
  }),
  operation({
    method: "patch",
    path: "/users/{id}",
    tag,
    summary: "Change a user's role, or deactivate or reactivate them",
    roles: ADMINS,
    params: idPath,
    body: ChangePerson.extend({
      version: version.optional(),
      handTo: reference.optional().openapi({
        description:
          "Who gets what they leave behind when they are deactivated or made a requester; by default tickets " +
          "go back to their queues. Up to 20 tickets and watches go with the change, more soon after it",
      }),
    }),
    elsewhere: {
      name: "Everyone changes their own name with PATCH /v1/me",
      email: "An address can't be changed",
      queueIds: "Use PUT /v1/queues/{id}/members/{userId}",
    },
    versioned: true,
    status: 200,
    response: UserSchema,
    run: async (cx, { params, body, base }) => {
      const { user } = await changePerson(cx, { ...body, id: params.id, version: base.version });
      return { body: user };
    },
  }),
  operation({
    method: "get",
    path: "/users/{id}/responsibilities",
    tag,
    summary:
      "Get what a user is responsible for: what is handed over when they are deactivated or made a requester",
    roles: ADMINS,
    params: idPath,
    status: 200,
    response: ResponsibilitiesSchema,
    run: async (cx, { params }) => {
      await readUser(cx, params.id);
      return { body: await readResponsibilities(cx, params.id) };
    },
  }),
  operation({
    method: "get",
    path: "/invitations",
    tag,
    summary: "List invitations, newest first",
    roles: ADMINS,
    query: ListInvitations,
    status: 200,
    response: pageOf(InvitationSchema),
    run: async (cx, { query }) => ({ body: await listInvitations(cx, query) }),
  }),
  // The answer is stored for retries, and the link must not be: it is added as the answer leaves.
  operation({
    method: "post",
    path: "/invitations",
    tag,
    summary: "Invite someone by email",
    roles: ADMINS,
    body: InviteUser,
    status: 201,
    response: InvitationSchema,
    creates: true,
    reveal: (cx, body) => withAcceptUrl(cx, body as InvitationView),
    run: async (cx, { body }) => {
      const { acceptUrl: _, ...invitation } = await inviteUser(cx, body);
      return { body: invitation, headers: { location: `/v1/invitations/${invitation.id}` } };
    },
  }),
  operation({
    method: "get",
    path: "/invitations/{id}",
    tag,
    summary: "Get an invitation",
    roles: ADMINS,
    params: idPath,
    status: 200,
    response: InvitationSchema,
    run: async (cx, { params }) => ({ body: await getInvitation(cx, params.id) }),
  }),
  operation({
    method: "delete",
    path: "/invitations/{id}",
    tag,
    summary: "Revoke a pending invitation",
    roles: ADMINS,
    params: idPath,
    status: 204,
    run: async (cx, { params }) => {
      await revokeInvitation(cx, params.id);
      return {};
    },
  }),
];
