import { act, actAsUser, type Claim, type RequestInfo, type UserCx } from "@/domain/cx.ts";
import { addComment } from "@/domain/comments/add.ts";
import { createCategory } from "@/domain/categories/write.ts";
import { acceptInvitation } from "@/domain/auth/accept_invitation.ts";
import { inviteUser } from "@/domain/accounts/invitations.ts";
import { registerOrganisation } from "@/domain/organisations/registration/registration.ts";
import { sessionClaim } from "@/domain/auth/sessions.ts";
import type { ImportedTicket } from "@/domain/imports/imported_ticket.ts";
import { importTickets } from "@/domain/imports/import_tickets.ts";
import { catchUp } from "@/domain/reports/facts/catch_up.ts";
import { listQueues } from "@/domain/queues/read.ts";
import { addMember, createQueue } from "@/domain/queues/write.ts";
import type { Services } from "@/ports.ts";
import { assignTicket } from "@/domain/tickets/assign.ts";
import { createTicket } from "@/domain/tickets/create.ts";
import { transitionTicket } from "@/domain/tickets/transition.ts";
import { demoHistories, type DemoHistory } from "./histories.ts";
import { DEMO_PASSWORD, DEMO_PEOPLE, DEMO_QUEUES, type DemoPerson } from "./people.ts";
import { STORIES } from "./stories.ts";
import { REQUESTS } from "./today.ts";
import { addTools } from "./tools.ts";

const TICKETS = 2000;
const DAYS = 90;
/** Per transaction. */
const BATCH = 50;

/** Everyone in the demo, by email address. */
interface Cast {
  request: RequestInfo;
  claims: Map<string, Claim>;
  ids: Map<string, string>;
}

/** Creates an organisation with people of every role, queues, three months of tickets and a few from today. */
export async function fillDemo(services: Services): Promise<void> {
  const request: RequestInfo = { requestId: "demo", ip: "", userAgent: "ServiceHub demo", services };
  const cast: Cast = { request, claims: new Map(), ids: new Map() };
  const tenantId = await gather(cast);
  const places = await setUp(cast);
  const histories = demoHistories({ count: TICKETS, days: DAYS, now: Date.now() });
  for (let from = 0; from < histories.length; from += BATCH) {
    const batch = histories.slice(from, from + BATCH).map((history) => pastOf(history, cast, places));
    // With the facts of reports: the first who signs in would see a desk without numbers.
    await act(request, { kind: "system", tenantId }, (cx) => importTickets(cx, batch));
    await act(request, { kind: "system", tenantId }, (cx) => catchUp(cx, BATCH));
  }
  for (const asked of REQUESTS) await play(asked, cast, places);
}

async function gather({ request, claims, ids }: Cast): Promise<string> {
  const [admin, ...others] = DEMO_PEOPLE;
  const boss = await registerOrganisation(request, {
    organisation: "Northwind Logistics",
    name: admin!.name,
    email: admin!.email,
    password: DEMO_PASSWORD,
  });
  const bossClaim = sessionClaim(boss.sessionToken)!;
  claims.set(admin!.email, bossClaim);
  ids.set(admin!.email, boss.user.id);
  // A few at a time, to leave connections for others.
  const waiting = [...others];
  const join = async ({ role, name, email }: DemoPerson) => {
    const { acceptUrl } = await actAsUser(
      request,
      bossClaim,
      (cx) => inviteUser(cx, { email, name, role, queueIds: [] }),
    );
    const token = acceptUrl!.split("/").pop()!;
    const accepted = await acceptInvitation(request, { token, name, password: DEMO_PASSWORD });
    claims.set(email, sessionClaim(accepted.sessionToken)!);
    ids.set(email, accepted.user.id);
  };
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await join(next);
  };
  await Promise.all(Array.from({ length: 4 }, lane));
  return boss.tenant.id;
}

interface Places {
  queues: Map<string, string>;
  categories: Map<string, string>;
}

async function setUp({ request, claims, ids }: Cast): Promise<Places> {
  const places: Places = { queues: new Map(), categories: new Map() };
  const asBoss = <T>(fn: (cx: UserCx) => Promise<T>) =>
    actAsUser(request, claims.get(DEMO_PEOPLE[0]!.email)!, fn);
  for (const { name, description, rule } of DEMO_QUEUES) {
    const team = DEMO_PEOPLE.filter(({ queues }) => queues.includes(name)).map(({ email }) =>
      ids.get(email)!
    );
    const id = await asBoss(async (cx) => {
      const queue = await existing(cx, name) ??
        (await createQueue(cx, { name, description, assignmentRule: rule })).id;
      for (const userId of team) await addMember(cx, { queueId: queue, userId });
      return queue;
    });
    places.queues.set(name, id);
  }
  for (const { queue, category } of STORIES) {
    if (places.categories.has(category)) continue;
    const parentId = places.categories.get(`${queue}:`) ??
      (await asBoss((cx) =>
        createCategory(cx, { name: `${queue} requests`, queueId: places.queues.get(queue)! })
      )).id;
    places.categories.set(`${queue}:`, parentId);
    const made = await asBoss((cx) =>
      createCategory(cx, { name: category, parentId, queueId: places.queues.get(queue)! })
    );
    places.categories.set(category, made.id);
  }
  await asBoss(addTools);
  return places;
}

async function existing(cx: UserCx, name: string): Promise<string | undefined> {
  const { items } = await listQueues(cx, { limit: 100 });
  return items.find((queue) => queue.name === name)?.id;
}

function pastOf(history: DemoHistory, { ids }: Cast, { queues, categories }: Places): ImportedTicket {
  const { story, title, description, priority, requester, at, events } = history;
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    type: story.type,
    title,
    description,
    impact: story.impact,
    urgency: story.urgency,
    priority,
    categoryId: categories.get(story.category) ?? null,
    queueId: queues.get(story.queue) ?? null,
    requesterId: ids.get(requester)!,
    tags: story.tags,
    createdAt: time(at),
    events: events.map((event) => {
      const past = { ...event, at: time(event.at), by: ids.get(event.by) ?? null };
      return past.kind === "assign" ? { ...past, to: ids.get(past.to)! } : past;
    }),
  };
}

async function play(
  asked: (typeof REQUESTS)[number],
  { request, claims }: Cast,
  { queues, categories }: Places,
): Promise<void> {
  const as = <T>(email: string, fn: (cx: UserCx) => Promise<T>) => actAsUser(request, claims.get(email)!, fn);
  const { by, type, title, description, impact, urgency, agent } = asked;
  let ticket = await as(by, (cx) =>
    createTicket(cx, {
      type,
      title,
      description,
      impact,
      urgency,
      categoryId: categories.get(asked.category),
      source: "web",
    }));
  const { id } = ticket;
  if (!agent) return;
  const queueId = asked.queue ? queues.get(asked.queue) ?? null : undefined;
  ticket = await as(
    agent,
    (cx) => assignTicket(cx, { id, version: ticket.version, assigneeId: cx.actor.id, queueId }),
  );
  for (const { who, body, internal } of asked.replies ?? []) {
    const visibility = internal ? "internal" as const : "public" as const;
    await as(who, (cx) => addComment(cx, { ticketId: id, body, visibility }));
  }
  const { state } = asked;
  if (!state) return;
  await as(agent, (cx) =>
    transitionTicket(cx, {
      id,
      version: ticket.version,
      to: state.to,
      note: state.note,
      reason: state.reason,
      until: undefined,
    }));
}
