import { OPERATIONS } from "@/api/app.ts";
import type { z } from "zod";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import { addressOf, screens } from "@/tests/helpers/screens.ts";
import { raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";
import type { Mail } from "@/ports.ts";

const desk = await openDesk();
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const sent: Mail[] = [];
desk.services.mail.send = (mail) => {
  sent.push(mail);
  return Promise.resolve({ providerId: null });
};

/** What is asked for, and what must not come back: a page may say again what was typed. */
const ASKED = "zzlaterzz";
const SECRET = "zzsecretzz";
const LATER = `${ASKED} ${SECRET}`;

interface Ticket {
  id: string;
  key: string;
}

/** An organisation in which a person sees a ticket, until they don't. */
interface Scene {
  admin: Client;
  colleague: Client;
  person: Client;
  /** That they see at first. */
  ticket: Ticket;
  /** That they never see, unless a way shows it. */
  other: Ticket;
  queue: string;
  otherQueue: string;
  comment: string;
  note: string;
}

/** A way in which the product takes sight away. */
interface Way {
  name: string;
  role: "REQUESTER" | "AGENT";
  confined?: boolean;
  /** Before anything is said: how they come to see the ticket. Else it is theirs, or in their queue. */
  see?: (scene: Scene) => Promise<void>;
  /** Whether things are said in the other ticket, which they see by then. */
  inOther?: boolean;
  /** @returns the ticket that is out of their sight now; null where only a comment is */
  lose: (scene: Scene) => Promise<Ticket | null>;
}

async function version(client: Client, path: string): Promise<number> {
  return (await client.get(path)).body.version;
}

async function change(client: Client, { id }: Ticket, fields: Record<string, unknown>): Promise<void> {
  const answer = await client.patch(`/tickets/${id}`, {
    version: await version(client, `/tickets/${id}`),
    ...fields,
  });
  assertEquals(answer.status, 200);
}

async function assign(client: Client, { id }: Ticket, assigneeId: string | null): Promise<void> {
  const answer = await client.put(`/tickets/${id}/assignment`, {
    version: await version(client, `/tickets/${id}`),
    assigneeId,
  });
  assertEquals(answer.status, 200);
}

async function merge({ admin, ticket, other }: Scene, keepRequester: boolean): Promise<void> {
  const answer = await admin.post(`/tickets/${ticket.id}/merge`, {
    version: await version(admin, `/tickets/${ticket.id}`),
    into: other.id,
    keepRequester,
  });
  assertEquals(answer.status, 200);
}

async function changePerson({ admin, person }: Scene, fields: Record<string, unknown>): Promise<void> {
  const path = `/users/${person.user.id}`;
  const answer = await admin.patch(path, { version: await version(admin, path), ...fields });
  assertEquals(answer.status, 200);
}

const WAYS: Way[] = [
  {
    name: "merged without its requester",
    role: "REQUESTER",
    lose: async (scene) => (await merge(scene, false), scene.other),
  },
  {
    name: "merged into a queue that isn't theirs",
    role: "AGENT",
    confined: true,
    lose: async (scene) => (await merge(scene, false), scene.other),
  },
  {
    name: "a merge that brought them is undone",
    role: "REQUESTER",
    inOther: true,
    see: (scene) => merge(scene, true),
    lose: async ({ admin, ticket, other }) => {
      const answer = await admin.post(`/tickets/${ticket.id}/unmerge`, {
        version: await version(admin, `/tickets/${ticket.id}`),
      });
      assertEquals(answer.status, 200);
      return other;
    },
  },
  {
    name: "no watcher any more",
    role: "REQUESTER",
    inOther: true,
    see: async ({ admin, person, other }) => {
      await admin.put(`/tickets/${other.id}/watchers/${person.user.id}`);
    },
    lose: async ({ admin, person, other }) => {
      assertEquals((await admin.delete(`/tickets/${other.id}/watchers/${person.user.id}`)).status, 204);
      return other;
    },
  },
  {
    name: "made a requester",
    role: "AGENT",
    see: ({ admin, person, ticket }) => assign(admin, ticket, person.user.id),
    lose: async (scene) => (await changePerson(scene, { role: "REQUESTER" }), scene.ticket),
  },
  {
    name: "agents see their queues alone from now on",
    role: "AGENT",
    see: async ({ admin, person, queue }) => {
      await admin.delete(`/queues/${queue}/members/${person.user.id}`);
    },
    lose: async ({ admin, ticket }) => {
      await admin.patch("/tenant", { version: 1, agentsSeeAll: false });
      return ticket;
    },
  },
  {
    name: "taken out of the queue",
    role: "AGENT",
    confined: true,
    lose: async ({ admin, person, queue, ticket }) => {
      assertEquals((await admin.delete(`/queues/${queue}/members/${person.user.id}`)).status, 204);
      return ticket;
    },
  },
  {
    name: "moved to another queue",
    role: "AGENT",
    confined: true,
    lose: async (
      { admin, ticket, otherQueue },
    ) => (await change(admin, ticket, { queueId: otherQueue }), ticket),
  },
  {
    name: "assigned to somebody else",
    role: "AGENT",
    confined: true,
    inOther: true,
    see: ({ admin, person, other }) => assign(admin, other, person.user.id),
    lose: async ({ admin, colleague, other }) => (await assign(admin, other, colleague.user.id), other),
  },
  {
    name: "deactivated",
    role: "AGENT",
    lose: async (scene) => (await changePerson(scene, { active: false }), scene.ticket),
  },
  {
    name: "a comment made internal",
    role: "REQUESTER",
    lose: async ({ comment }) => {
      await desk.look("update comments set visibility = 'internal' where id = $1", [comment]);
      await desk.look("update attachments set visibility = 'internal' where comment_id = $1", [comment]);
      return null;
    },
  },
];

let organisations = 0;

async function open({ role, confined = false, see, inOther = false }: Way): Promise<Scene> {
  const admin = await desk.register(`Works ${++organisations}`);
  const [queue, otherQueue] = [
    (await admin.post("/queues", { name: "Payroll" })).body.id as string,
    (await admin.post("/queues", { name: "Network" })).body.id as string,
  ];
  const colleague = await admin.invite("AGENT", "Bea Colleague", [queue, otherQueue]);
  const person = await admin.invite(role, "Pat Person", role === "AGENT" ? [queue] : []);
  if (confined) await admin.patch("/tenant", { version: 1, agentsSeeAll: false });
  const requesterId = role === "REQUESTER" ? person.user.id : admin.user.id;
  const ticket = await raise(admin, {
    requesterId,
    queueId: queue,
    title: "Salary slip",
    description: "Of May",
  });
  const other = await raise(admin, { queueId: otherQueue, title: "Cable", description: "Broken" });
  if (role === "REQUESTER") await admin.delete(`/tickets/${ticket.id}/watchers/${admin.user.id}`);
  const scene = { admin, colleague, person, ticket, other, queue, otherQueue, comment: "", note: "" };
  await see?.(scene);
  const seen = inOther ? other : ticket;
  await desk.look("delete from outbox");
  for (const visibility of ["public", "internal"]) {
    const file =
      (await colleague.upload("/attachments", [{ name: "slip.txt", content: "early" }])).body.items[0];
    const { status, body } = await colleague.post(`/tickets/${seen.id}/comments`, {
      body: "@Pat Person, early words",
      visibility,
      attachmentIds: [file.id],
    });
    assertEquals(status, 201);
    scene[visibility === "public" ? "comment" : "note"] = body.id;
  }
  return scene;
}

/** What they know: ids of all that they saw, and where lists went on. */
async function holdings({ person, ticket, other, queue, comment, note }: Scene) {
  const ids = [ticket, other].flatMap(({ id, key }) => [id, key]);
  const files = await Promise.all(ids.map((id) => person.get(`/tickets/${id}/attachments`)));
  const notices = (await person.get("/notifications?limit=100")).body.items as { id: string }[];
  const view = await person.post("/views", { name: "Held", filter: { q: ASKED } });
  const cursors = ["/tickets?limit=1", "/notifications?limit=1", "/events?limit=1"];
  const next = await Promise.all(cursors.map(async (path) => {
    const { nextCursor } = (await person.get(path)).body;
    return nextCursor && `${path}&${path.startsWith("/events") ? "after" : "cursor"}=${nextCursor}`;
  }));
  return {
    tickets: ids,
    comments: [comment, note],
    files: files.flatMap(({ body }) => (body.items ?? []).map(({ id }: { id: string }) => id)) as string[],
    notices: notices.map(({ id }) => id),
    paths: next.filter((path) => path !== null) as string[],
    values: { view: view.body.id, queue, id: person.user.id, address: UNKNOWN, slug: person.tenant.slug },
  };
}

type Held = Awaited<ReturnType<typeof holdings>>;

/** Everything that a ticket can say, said after they lost it. */
async function sayLater(
  { colleague, admin, comment, note, otherQueue }: Scene,
  lost: Ticket | null,
): Promise<void> {
  for (const [id, text] of [[comment, LATER], [note, LATER]] as const) {
    const [row] = await desk.look<{ ticket: string }>(
      "select ticket_id as ticket from comments where id = $1",
      [id],
    );
    const path = `/tickets/${row!.ticket}/comments/${id}`;
    if (lost !== null && row!.ticket !== lost.id) continue;
    const edited = await colleague.patch(path, { version: await version(colleague, path), body: text });
    assertEquals(edited.status, 200);
  }
  if (lost === null) return;
  for (const visibility of ["public", "internal"]) {
    const files = await colleague.upload("/attachments", [{ name: `${SECRET}.txt`, content: LATER }]);
    const { status } = await colleague.post(`/tickets/${lost.id}/comments`, {
      body: `@Pat Person, ${LATER}`,
      visibility,
      attachmentIds: [files.body.items[0].id],
    });
    assertEquals(status, 201);
  }
  await change(admin, lost, { title: LATER, description: LATER, tags: [SECRET] });
  const related = await raise(admin, { title: LATER, description: LATER, queueId: otherQueue });
  await admin.post(`/tickets/${lost.id}/links`, { relation: "relates_to", ticketId: related.id });
  const resolved = await admin.post(`/tickets/${lost.id}/transitions`, {
    version: await version(admin, `/tickets/${lost.id}`),
    to: "resolved",
    note: LATER,
  });
  assertEquals(resolved.status, 200);
}

/** Each GET of /v1, with every id they hold. */
function apiPaths({ tickets, comments, files, values, paths }: Held): string[] {
  const gets = OPERATIONS.filter(({ method }) => method === "get");
  const found = gets.flatMap(({ path, query }) => {
    const ids = path.startsWith("/tickets/{id}")
      ? tickets
      : path.startsWith("/attachments/")
      ? files
      : [values.view];
    const full = path.includes("{commentId}")
      ? ids.flatMap((id) => comments.map((c) => path.replace("{id}", id).replace("{commentId}", c)))
      : path.includes("{")
      ? ids.map((id) => path.replace("{id}", id).replace(/\{\w+\}/g, UNKNOWN))
      : [path];
    const fields = Object.keys((query as z.ZodObject | undefined)?.shape ?? {});
    const words = fields.filter((field) => /^(q|tag|name)$/.test(field));
    return full.flatMap((path) => [path, ...words.map((field) => `${path}?${field}=${ASKED}`)]);
  });
  return [...found, ...paths, `/queues/${values.queue}`, `/tickets/counts?queueId=${values.queue}`];
}

async function pagePaths({ tickets, comments, files, notices, values }: Held): Promise<string[]> {
  // None of them may open another page of the administration.
  const all = (await screens()).filter(({ path, methods }) =>
    methods.has("GET") && (!path.startsWith("/admin/") || path.startsWith("/admin/canned-replies"))
  );
  const found = all.flatMap((screen) => {
    const keys = screen.path.includes("[key]") ? tickets : [UNKNOWN];
    const said = screen.path.includes("[comment]") ? comments : [UNKNOWN];
    const kept = screen.path.includes("[file]") ? files : [UNKNOWN];
    const named = screen.path.startsWith("/notifications/") ? notices : [values.id];
    return keys.flatMap((key) =>
      said.flatMap((comment) =>
        kept.flatMap((file) =>
          named.map((id) => addressOf(screen, { ...values, key, comment, file, id }, UNKNOWN))
        )
      )
    );
  });
  return [...found, `/search?q=${ASKED}`, `/tickets?q=${ASKED}`, `/tickets?view=board`];
}

/** Once more where a busy machine had no time for it. */
async function patiently<T extends { status: number }>(ask: () => Promise<T>): Promise<T> {
  const answer = await ask();
  return answer.status === 503 ? await ask() : answer;
}

for (const way of WAYS) {
  Deno.test(`V9 ${way.name}: nothing of what came later is read`, async () => {
    const scene = await open(way);
    const { person, colleague, ticket, other } = scene;
    const held = await holdings(scene);
    assert(held.notices.length > 0, "they were told of what was said");
    const browser = await PageClient.signedIn(person);
    const lost = await way.lose(scene);
    sent.length = 0;
    await sayLater(scene, lost);
    // A colleague reads all of it, so it is there to be found.
    const there = await colleague.get(`/tickets/${(lost ?? ticket).id}/comments`);
    assert(there.text.includes(SECRET), there.text);
    // The key of a ticket that they never saw is none of theirs either.
    const secrets = [SECRET, ...(way.inOther || lost?.id !== other.id ? [] : [other.id, other.key])];
    const tickets = way.inOther || lost?.id !== other.id ? held.tickets : [ticket.id, ticket.key];
    const known = { ...held, tickets };
    const leaks: string[] = [];
    const look = (where: string, status: number, text: string) => {
      if (status >= 500) leaks.push(`${where}: ${status}`);
      for (const secret of secrets) if (text.includes(secret)) leaks.push(`${where}: ${secret}`);
    };
    const paths = apiPaths(known);
    for (const path of new Set(paths)) {
      const { status, text, headers } = await patiently(() => person.get(path));
      look(path, status, text + JSON.stringify([...headers]));
    }
    const pages = await pagePaths(known);
    for (const path of new Set(pages)) {
      const { status, html, headers } = await patiently(() => browser.get(path));
      look(path, status, html + JSON.stringify([...headers]));
    }
    assert(paths.length > 60 && pages.length > 40, `${paths.length} and ${pages.length}`);
    await drainJobs(desk.services);
    for (const mail of sent.filter(({ to }) => to === person.user.email)) {
      look(`mail: ${mail.subject}`, 200, mail.text + mail.html + mail.subject);
    }
    assertEquals(leaks, []);
  });
}
