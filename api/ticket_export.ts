import { downloadTickets, ExportTickets, startExport } from "@/domain/tickets/export/export.ts";
import { ANYONE } from "@/domain/permissions.ts";
import { sendDownload } from "@/edge/download.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { claimOf } from "./claim.ts";
import { type AnyOperation, operation } from "./operation.ts";

/** Stands before the operations of one ticket, whose path would take it. */
export const ticketExport: AnyOperation[] = [
  operation({
    method: "get",
    path: "/tickets/export",
    tag: "Tickets",
    summary: "Download all tickets of a list or view as CSV or JSON, with the columns that you choose",
    roles: ANYONE,
    query: ExportTickets,
    download: true,
    status: 200,
    run: async (cx, { query }) => {
      const chosen = await startExport(cx, query);
      return {
        send: (request) => {
          const incoming = incomingOf(request);
          // The pipeline has found it: who isn't signed in gets no further.
          const claim = claimOf(request, incoming, false)!;
          return sendDownload(request, downloadTickets(incoming, claim, chosen));
        },
      };
    },
  }),
];
