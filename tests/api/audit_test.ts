import { type Sql, sql } from "@/db/sql.ts";
import { ListAudit, listAudit } from "@/domain/audit/list.ts";
import { actAsUser } from "@/domain/cx.ts";
import { accessClaim } from "@/domain/auth/access_tokens.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { assertProblem, openScene, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

interface Entry {
  id: string;
  at: string;
  actor: { id: string } | null;
  action: string;
  entity: string;
  entityId: string;
  label: string;
}

Deno.test("the audit log", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, other, queue } = scene;
  const ticket = await raise(requester);
  await agent.patch(`/tickets/${ticket.id}`, { version: 1, priority: "urgent" });
  await agent.post(`/tickets/${ticket.id}/comments`, { body: "Note", visibility: "internal" });
  const list = async (query = ""): Promise<Entry[]> =>
    (await admin.get(`/audit?limit=100${query}`)).body.items;

  await t.step("tells who did what to what, latest first, what is internal as well", async () => {
    const [note, edit] = (await admin.get(`/audit?entityId=${ticket.id}`)).body.items;
    assertEquals([note.action, note.internal], ["ticket.commented", true]);
    const { id, at, requestId, ...rest } = edit;
    assert(id !== note.id && at <= note.at && requestId !== "");
    assertEquals(rest, {
      actor: { id: agent.user.id, name: "Ana Agent", email: agent.user.email },
      action: "ticket.edited",
      entity: "ticket",
      entityId: ticket.id,
      label: ticket.key,
      internal: false,
      changes: { priority: { from: "medium", to: "urgent" } },
      ip: "127.0.0.1",
    });
    const labels = new Map((await list()).map(({ action, label }) => [action, label]));
    assertEquals([labels.get("queue.created"), labels.get("category.created")], ["Network", "Cables"]);
    assert(/Agent|Requester|Stranger/.test(labels.get("user.joined")!));
  });

  await t.step("every filter holds for every entry and misses none; they add up", async () => {
    const all = await list();
    const mine = all.map(({ action }) => action);
    assert(mine.includes("ticket.created") && mine.includes("tenant.registered"));
    const cases: [query: string, keeps: (entry: Entry) => boolean][] = [
      [`&actor=${agent.user.id}`, ({ actor }) => actor?.id === agent.user.id],
      [`&actor=${agent.user.email.toUpperCase()}`, ({ actor }) => actor?.id === agent.user.id],
      ["&entity=ticket", ({ entity }) => entity === "ticket"],
      [`&entityId=${queue}`, ({ entityId }) => entityId === queue],
      ["&action=ticket.edited", ({ action }) => action === "ticket.edited"],
      [`&from=${all[3]!.at}`, ({ at }) => at >= all[3]!.at],
      [`&to=${all[3]!.at}`, ({ at }) => at < all[3]!.at],
      [
        `&actor=${agent.user.id}&entity=ticket&action=ticket.commented`,
        ({ action }) => action === "ticket.commented",
      ],
      ["&actor=&entity=&entityId=&action=&from=&to=", () => true],
    ];
    for (const [query, keeps] of cases) {
      const expected = all.filter(keeps);
      assert(expected.length > 0, query);
      assertEquals([query, await list(query)], [query, expected]);
    }
    for (
      const query of [`&actor=${other.user.id}`, "&actor=nobody@nowhere.example", `&entityId=${UNKNOWN}`]
    ) {
      assertEquals(await list(query), []);
    }
  });

  await t.step("page by page, each once", async () => {
    const found: Entry[] = [];
    for (let cursor = "";;) {
      const { body } = await admin.get(`/audit?limit=3${cursor && `&cursor=${cursor}`}`);
      found.push(...body.items);
      if (body.nextCursor === null) break;
      cursor = body.nextCursor;
    }
    assertEquals(found, await list());
  });

  await t.step("refuses what is no filter, and everybody but admins", async () => {
    for (const query of ["from=yesterday", "entity=planet", "entityId=7", "cursor=AAAA.BBBB", "limit=101"]) {
      assertProblem(await admin.get(`/audit?${query}`), 422, "invalid");
    }
    const manager = await admin.invite("MANAGER", "Mia Manager");
    for (const client of [manager, agent, requester]) {
      assertProblem(await client.get("/audit"), 403, "forbidden");
      assertProblem(await client.get("/audit/verify"), 403, "forbidden");
    }
    assert(!(await other.get("/audit?limit=100")).text.includes("Printer jams"));
  });

  await t.step("every way to ask is a range of an index, also in a log of 100,000 entries", async () => {
    await desk.look(
      `insert into audit_log (tenant_id, actor_id, action, entity, entity_id, at)
        select $1, case when n % 50 = 0 then $2::uuid end, 'ticket.turned_' || n % 40, 'ticket', uuidv7(),
          now() - n * interval '1 second'
        from generate_series(1, 100000) n`,
      [admin.tenant.id, agent.user.id],
    );
    await desk.look("analyze audit_log");
    const queries = [
      {},
      { actor: agent.user.id },
      { action: "ticket.turned_7" },
      { action: "tenant.registered" },
      { entity: "ticket" },
      { entity: "queue" },
      { entityId: queue },
      { from: new Date(Date.now() - 3_600_000).toISOString() },
    ];
    const claim = accessClaim(admin.token!, desk.services.secrets)!;
    for (const query of queries) {
      const statements: Sql[] = [];
      await actAsUser(desk.request(), claim, async (cx) => {
        const rows: typeof cx.db.rows = (statement) => {
          statements.push(statement);
          return cx.db.rows(statement);
        };
        await listAudit({ ...cx, db: { ...cx.db, rows } }, ListAudit.parse(query));
        const [plan] = await cx.db.rows<{ "QUERY PLAN": { Plan: Node }[] }>(
          sql`explain (analyze, format json) ${statements[0]}`,
        );
        const read = rowsRead(plan!["QUERY PLAN"][0]!.Plan);
        assert(read > 0 && read < 200, `${JSON.stringify(query)} reads ${read} rows`);
      });
    }
  });
});

interface Node {
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: Node[];
}

/** How many rows of the log a plan read. */
function rowsRead(node: Node): number {
  const own = node["Relation Name"] === "audit_log"
    ? (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"]
    : 0;
  return own + (node.Plans ?? []).reduce((sum, plan) => sum + rowsRead(plan), 0);
}
