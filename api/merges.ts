import { ANYONE } from "@/domain/permissions.ts";
import { MergeTicket, mergeTicket } from "@/domain/tickets/merge/merge.ts";
import { UnmergeTicket, unmergeTicket } from "@/domain/tickets/merge/unmerge.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { TicketSchema } from "./schemas/tickets.ts";
import { TicketPath } from "./tickets.ts";

const tag = "Tickets";

export const merges: AnyOperation[] = [
  operation({
    method: "post",
    path: "/tickets/{id}/merge",
    tag,
    summary: "Merge a ticket into another, by its id or key",
    roles: ANYONE,
    params: TicketPath,
    body: MergeTicket,
    versioned: true,
    status: 200,
    response: TicketSchema,
    run: async (cx, { params, body, base }) => ({
      body: await mergeTicket(cx, { ...body, id: params.id, version: base.version }),
    }),
  }),
  operation({
    method: "post",
    path: "/tickets/{id}/unmerge",
    tag,
    summary: "Undo a merge within a day",
    roles: ANYONE,
    params: TicketPath,
    body: UnmergeTicket,
    versioned: true,
    status: 200,
    response: TicketSchema,
    run: async (cx, { params, base }) => ({
      body: await unmergeTicket(cx, { id: params.id, version: base.version }),
    }),
  }),
];
