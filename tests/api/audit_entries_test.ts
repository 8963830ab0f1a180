import { OPERATIONS } from "@/api/app.ts";
import { ENTITIES, type Entity } from "@/domain/shared/entities.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { furnish, type Kind, nameOf } from "@/tests/helpers/organisations.ts";

const desk = await openDesk();
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const { people, ids } = await furnish(desk, "Harbour Works");
const admin = people.ADMIN;

interface Entry {
  id: string;
  action: string;
  entity: Entity;
  entityId: string;
  label: string;
  changes: Record<string, unknown>;
}

const entries = async (query = ""): Promise<Entry[]> =>
  (await admin.get(`/audit?limit=100${query}`)).body.items;

interface Edit {
  id?: Kind;
  entity: Entity;
  /** What is sent beside the version; some fields differ, some are so already. */
  body: Record<string, unknown>;
  /** Fields that are sent just as they were read. */
  unchanged?: string[];
  /** Exactly what the log says of it. */
  changes: Record<string, unknown>;
}

/** Of long texts the log only says that they changed. */
const EDITS: Record<string, Edit> = {
  "patch /me": {
    entity: "user",
    body: { name: "Ada Lovelace", locale: "en", theme: "dark" },
    changes: { name: { from: "Ada Admin", to: "Ada Lovelace" }, theme: { from: "system", to: "dark" } },
  },
  "patch /users/{id}": {
    id: "user",
    entity: "user",
    body: { role: "MANAGER", active: true },
    changes: { role: { from: "AGENT", to: "MANAGER" } },
  },
  "patch /tenant": {
    entity: "tenant",
    body: { name: "Harbour & Sons", reopenDays: 14 },
    changes: { name: { from: "Harbour Works", to: "Harbour & Sons" } },
  },
  "patch /tickets/{id}": {
    id: "ticket",
    entity: "ticket",
    body: { title: "Printer jams again", description: "Tray 2" },
    changes: { title: { from: "Printer jams", to: "Printer jams again" } },
  },
  "patch /queues/{id}": {
    id: "queue",
    entity: "queue",
    body: { name: "Networks", description: "", assignmentRule: "manual" },
    changes: { name: { from: "Network", to: "Networks" } },
  },
  "patch /categories/{id}": {
    id: "category",
    entity: "category",
    body: { name: "Wires", parentId: null },
    changes: { name: { from: "Cables", to: "Wires" } },
  },
  "patch /catalog/{id}": {
    id: "item",
    entity: "catalog_item",
    body: { name: "Mallet", fields: [{ label: "What for?", required: true, type: "text", key: "why" }] },
    changes: { name: { from: "Hammer", to: "Mallet" } },
  },
  "patch /calendars/{id}": {
    id: "calendar",
    entity: "calendar",
    body: { name: "Day shift", timeZone: "UTC", applyToOpen: true },
    unchanged: ["week", "holidays"],
    changes: { name: { from: "Mondays", to: "Day shift" } },
  },
  "patch /sla-policies/{id}": {
    id: "slaPolicy",
    entity: "sla_policy",
    body: { name: "Promises", type: null, queueId: null, applyToOpen: true },
    unchanged: ["targets"],
    changes: { name: { from: "Cables in time", to: "Promises" } },
  },
  "patch /canned-replies/{id}": {
    id: "canned_reply",
    entity: "canned_reply",
    body: { title: "Hi", body: "Hello there", archived: false },
    changes: { title: { from: "Greeting", to: "Hi" }, body: true },
  },
  "patch /macros/{id}": {
    id: "macro",
    entity: "macro",
    body: { name: "Take this", description: "", actions: { assigneeId: "me" } },
    changes: { name: { from: "Take it", to: "Take this" } },
  },
  "patch /views/{id}": {
    id: "view",
    entity: "view",
    body: { name: "My own", filter: { assigneeId: "me" } },
    changes: { name: { from: "Mine", to: "My own" } },
  },
  "patch /saved-reports/{id}": {
    id: "savedReport",
    entity: "saved_report",
    body: { name: "Every Monday", query: { tag: "vpn", period: "last-week" }, recipientIds: [] },
    changes: { name: { from: "Weekly", to: "Every Monday" } },
  },
  "patch /webhook-endpoints/{id}": {
    id: "webhook",
    entity: "webhook_endpoint",
    body: { url: "https://hooks.example.com/desk2", includeInternal: false },
    changes: { url: { from: "https://hooks.example.com/desk", to: "https://hooks.example.com/desk2" } },
  },
};

/** Versioned, but what is recorded is a fact: the texts of a comment are kept as its versions. */
const FACTS = ["patch /tickets/{id}/comments/{commentId}"];

Deno.test("every versioned edit records what changed as { from, to }, and nothing else", async (t) => {
  const versioned = OPERATIONS.filter((one) => one.method === "patch" && "versioned" in one).map(nameOf);
  assertEquals(versioned.filter((name) => !FACTS.includes(name)).sort(), Object.keys(EDITS).sort());
  for (const [name, { id, entity, changes, unchanged = [], ...edit }] of Object.entries(EDITS)) {
    await t.step(name, async () => {
      const path = name.replace("patch ", "").replace("{id}", id ? ids[id] : "");
      const { version, ...read } = (await admin.get(path)).body;
      const body = { ...edit.body, ...Object.fromEntries(unchanged.map((field) => [field, read[field]])) };
      const edited = await admin.patch(path, { version, ...body });
      assertEquals([edited.status, edited.body.version], [200, version + 1]);
      const entityId = id ? ids[id] : entity === "user" ? admin.user.id : admin.tenant.id;
      const [entry] = await entries(`&entityId=${entityId}`);
      assertEquals([entry!.entity, entry!.changes], [entity, changes]);
      // Sent once more, nothing differs.
      const again = await admin.patch(path, { version: version + 1, ...body });
      assertEquals(again.status, 200);
      const [latest] = await entries(`&entityId=${entityId}`);
      assert(latest!.id === entry!.id || Object.keys(latest!.changes).length === 0, JSON.stringify(latest));
    });
  }
});

Deno.test("what an admin changes of a person, and what people choose to hear of, is recorded as { from, to }", async () => {
  const user = (await admin.get(`/users/${people.REQUESTER.user.id}`)).body;
  const path = `/users/${user.id}`;
  await admin.patch(path, { version: user.version, active: false });
  await admin.patch(path, { version: user.version + 1, active: true, role: "AGENT" });
  const [reactivated, deactivated] = await entries(`&entityId=${user.id}`);
  assertEquals([deactivated!.action, deactivated!.changes], [
    "user.deactivated",
    { active: { from: true, to: false } },
  ]);
  assertEquals([reactivated!.action, reactivated!.changes], [
    "user.reactivated",
    { active: { from: false, to: true }, role: { from: "REQUESTER", to: "AGENT" } },
  ]);

  const notifications = { comment_added: { email: false, inApp: true } };
  for (let i = 0; i < 2; i++) await people.MANAGER.patch("/me/preferences", { notifications });
  const changed = await entries(`&entityId=${people.MANAGER.user.id}&action=user.preferences_changed`);
  assertEquals(changed.map(({ changes }) => changes), [{ "comment_added.email": { from: true, to: false } }]);
});

/** How entries about a thing of each kind are labelled after it was renamed; "" for what has no name. */
const LABELS: Record<Entity, [id: string, label: string]> = {
  ticket: [ids.ticket, "INC-1001"],
  user: [admin.user.id, "Ada Lovelace"],
  queue: [ids.queue, "Networks"],
  category: [ids.category, "Wires"],
  tenant: [admin.tenant.id, "Harbour & Sons"],
  session: [ids.session, ""],
  invitation: [ids.invitation, "new@works.example"],
  calendar: [ids.calendar, "Day shift"],
  sla_policy: [ids.slaPolicy, "Promises"],
  catalog_item: [ids.item, "Mallet"],
  attachment: [ids.attachment, "tray.txt"],
  canned_reply: [ids.canned_reply, "Hi"],
  macro: [ids.macro, "Take this"],
  view: [ids.view, "My own"],
  saved_report: [ids.savedReport, "Every Monday"],
  message: [ids.message, "ada@harbour-works.example"],
  suppressed_address: [ids.suppressed, "gone@works.example"],
  webhook_endpoint: [ids.webhook, "https://hooks.example.com/desk2"],
};

Deno.test("an entry is labelled by the name that its thing has now, whatever it is", async (t) => {
  await admin.delete(`/invitations/${ids.invitation}`);
  await admin.delete(`/suppressed-addresses/${ids.suppressed}`);
  for (const entity of ENTITIES) {
    await t.step(entity, async () => {
      const [id, label] = LABELS[entity];
      if ((await entries(`&entityId=${id}`)).length === 0) {
        await desk.look(
          `insert into audit_log (tenant_id, action, entity, entity_id, changes)
            values ($1, $2 || '.touched', $2, $3, case when $2 = 'message' then jsonb_build_object('name', $4::text)
              else '{}' end)`,
          [admin.tenant.id, entity, id, label],
        );
      }
      const labels = new Set((await entries(`&entityId=${id}`)).map((entry) => entry.label));
      assertEquals([...labels], [label]);
    });
  }
  await t.step("what is gone keeps the name it had", async () => {
    await admin.delete(`/views/${ids.view}`);
    const [deleted, edited] = await entries(`&entityId=${ids.view}`);
    assertEquals([deleted!.action, deleted!.label], ["view.deleted", "My own"]);
    assertEquals([edited!.action, edited!.label], ["view.edited", "My own"]);
  });
});
