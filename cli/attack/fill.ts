import type { RoleName } from "./roles.ts";
import type { Ids } from "./things.ts";

/** An answer of /v1. */
interface Answered {
  status: number;
  // deno-lint-ignore no-explicit-any -- bodies have every shape
  body: any;
}

/** Somebody signed in to /v1. */
export interface Caller {
  user: { id: string };
  get(path: string): Promise<Answered>;
  post(path: string, body?: unknown): Promise<Answered>;
  upload(path: string, files: { name: string; content: string }[]): Promise<Answered>;
}

interface Filling {
  /** Somebody to invite. */
  invitee: string;
  /** Behind every name and text. */
  suffix?: string;
}

/** The id of a new thing, or of a list's first; "" where the installation refused or has none. */
function idOf({ body }: Answered): string {
  return (body?.items?.[0] ?? body)?.id ?? "";
}

/**
 * Makes one of everything that /v1 can make; the ticket is the requester's, so every role sees it.
 *
 * @returns its ids; "" for what could not be made
 */
export async function fill(
  people: Readonly<Record<RoleName, Caller>>,
  { invitee, suffix = "" }: Filling,
): Promise<Omit<Ids, "suppressed">> {
  const { REQUESTER, AGENT, ADMIN } = people;
  const [queue, category, ticket, invitation, session, view, savedReport] = await Promise.all([
    ADMIN.post("/queues", { name: `Network${suffix}` }),
    ADMIN.post("/categories", { name: `Cables${suffix}` }),
    REQUESTER.post("/tickets", { title: `Printer jams${suffix}`, description: `Tray 2${suffix}` }),
    ADMIN.post("/invitations", { email: invitee, role: "AGENT" }),
    ADMIN.get("/me/sessions"),
    ADMIN.post("/views", { name: `Mine${suffix}`, filter: { assigneeId: "me" } }),
    ADMIN.post("/saved-reports", {
      name: `Weekly${suffix}`,
      report: "volume",
      query: { period: "last-week", tag: ["vpn"] },
    }),
  ]);
  const at = `/tickets/${idOf(ticket)}`;
  const comment = await REQUESTER.post(`${at}/comments`, { visibility: "public", body: `Tray 3${suffix}` });
  const attachment = await REQUESTER.upload(`${at}/attachments`, [
    { name: "tray.txt", content: `Tray 2 is empty${suffix}` },
  ]);
  const related = await AGENT.post("/tickets", { title: `Tray is missing${suffix}`, description: "" });
  const link = await AGENT.post(`${at}/links`, { relation: "relates_to", ticketId: idOf(related) });
  const [canned, macro] = await Promise.all([
    ADMIN.post("/canned-replies", { title: `Greeting${suffix}`, body: `Hello${suffix}`, shared: true }),
    ADMIN.post("/macros", { name: `Take it${suffix}`, actions: { assigneeId: "me" } }),
  ]);
  const item = await ADMIN.post("/catalog", {
    name: `Hammer${suffix}`,
    fields: [{ key: "why", type: "text", label: "What for?", required: true }],
  });
  const webhook = await ADMIN.post("/webhook-endpoints", { url: "https://hooks.example.com/desk" });
  const delivery = await ADMIN.post(`/webhook-endpoints/${idOf(webhook)}/test`);
  const calendar = await ADMIN.post("/calendars", {
    name: `Mondays${suffix}`,
    timeZone: "UTC",
    week: { monday: [{ from: "09:00", to: "17:00" }] },
  });
  const [policy, messages] = await Promise.all([
    ADMIN.post("/sla-policies", {
      name: `Cables in time${suffix}`,
      calendarId: idOf(calendar),
      categoryId: idOf(category),
      targets: { firstResponse: { urgent: 30 }, resolution: { urgent: 240 } },
    }),
    ADMIN.get("/outbox?kind=email&limit=100"),
  ]);
  const emails: { id: string; recipient: string }[] = messages.body?.items ?? [];
  return {
    calendar: idOf(calendar),
    slaPolicy: idOf(policy),
    webhook: idOf(webhook),
    delivery: idOf(delivery),
    message: emails.find(({ recipient }) => recipient === invitee)?.id ?? "",
    attachment: idOf(attachment),
    canned_reply: idOf(canned),
    macro: idOf(macro),
    comment: idOf(comment),
    item: idOf(item),
    link: idOf(link),
    queue: idOf(queue),
    category: idOf(category),
    ticket: idOf(ticket),
    invitation: idOf(invitation),
    user: AGENT.user.id,
    session: idOf(session),
    view: idOf(view),
    savedReport: idOf(savedReport),
  };
}
