import { assertEquals } from "@/tests/helpers/assert.ts";
import { added, assertProblem, openScene, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

/** Things with a version: how one is made, an edit of it, and what the audit log keeps of that. */
const THINGS = [
  {
    path: "/queues",
    entity: "queue",
    make: { name: "Front desk" },
    edit: { name: "Reception", assignmentRule: "round_robin" },
    same: { description: "" },
    changes: {
      name: { from: "Front desk", to: "Reception" },
      assignmentRule: { from: "manual", to: "round_robin" },
    },
  },
  {
    path: "/categories",
    entity: "category",
    make: { name: "Phones" },
    edit: { name: "Mobile phones" },
    same: { queueId: null, archived: false },
    changes: { name: { from: "Phones", to: "Mobile phones" } },
  },
  {
    path: "/views",
    entity: "view",
    make: { name: "Mine", filter: { status: ["open"], tag: ["vpn"] }, sort: "created" },
    edit: { filter: { tag: ["vpn"], status: ["open", "new"] } },
    same: { filter: { tag: ["vpn"], status: ["open"] } },
    changes: {
      filter: { from: { status: ["open"], tag: ["vpn"] }, to: { status: ["open", "new"], tag: ["vpn"] } },
    },
  },
  {
    path: "/saved-reports",
    entity: "saved_report",
    make: { name: "Weekly", report: "volume", query: { period: "last-week", tag: ["vpn"] } },
    edit: { query: { period: "last-month", priority: "urgent" }, shared: true },
    same: { query: { tag: "vpn", period: "last-week" }, schedule: null, recipientIds: [] },
    changes: {
      query: {
        from: { period: "last-week", tag: ["vpn"] },
        to: { period: "last-month", priority: ["urgent"] },
      },
      shared: { from: false, to: true },
    },
  },
  {
    path: "/macros",
    entity: "macro",
    make: { name: "Triage", actions: { priority: "high", addTags: ["triaged"] } },
    edit: { name: "Triage fast", actions: { priority: "urgent" } },
    same: { actions: { addTags: ["triaged"], priority: "high" } },
    changes: { name: { from: "Triage", to: "Triage fast" }, actions: true },
  },
  {
    path: "/canned-replies",
    entity: "canned_reply",
    make: { title: "Thanks", body: "Thank you" },
    edit: { body: "Thank you very much", archived: true },
    same: { body: "Thank you" },
    changes: { body: true, archived: { from: false, to: true } },
  },
  {
    path: "/catalog",
    entity: "catalog_item",
    make: { name: "Laptop", fields: [{ key: "why", label: "Why", type: "text", required: true }] },
    edit: { section: "Hardware" },
    same: { fields: [{ required: true, type: "text", label: "Why", key: "why" }] },
    changes: { section: { from: "", to: "Hardware" } },
  },
];

Deno.test("edits of things that have a version", async (t) => {
  await using scene = await openScene();
  const { admin, desk } = scene;
  for (const { path, entity, make, edit, same, changes } of THINGS) {
    await t.step(`${entity}: what differs is changed and recorded from and to`, async () => {
      const made = await admin.post(path, make);
      assertEquals(made.status, 201);
      const at = `${path}/${made.body.id}`;
      // An equal value is no change, whatever the order of its keys.
      const idle = await added(desk, async () => {
        const answer = await admin.patch(at, { version: 1, ...same });
        assertEquals([answer.status, answer.body.version], [200, 1]);
      });
      assertEquals(idle, { audit: 0, events: 0, outbox: 0 });
      const answer = await admin.patch(at, { version: 1, ...edit });
      assertEquals([answer.status, answer.body.version], [200, 2]);
      const [row] = await desk.look<{ action: string; changes: unknown }>(
        "select action, changes from audit_log where entity = $1 and entity_id = $2 order by id desc limit 1",
        [entity, made.body.id],
      );
      assertEquals(row, { action: `${entity}.edited`, changes });
      const stale = await admin.patch(at, { version: 1, ...edit });
      assertProblem(stale, 409, "stale_version");
      assertEquals([stale.body.current.id, stale.body.current.version], [made.body.id, 2]);
      assertProblem(await admin.patch(`${path}/${UNKNOWN}`, { version: 1, ...edit }), 404, "not_found");
    });
  }

  await t.step("of two edits at once of one version one wins", async () => {
    const { body: queue } = await admin.post("/queues", { name: "Race" });
    const answers = await Promise.all(
      ["A", "B", "C"].map((name) => admin.patch(`/queues/${queue.id}`, { version: 1, name: `Race ${name}` })),
    );
    assertEquals(answers.map(({ status }) => status).sort(), [200, 409, 409]);
  });
});
