import { act } from "@/domain/cx.ts";
import { removeExpired } from "@/domain/retention/clean_up.ts";
import { cleanUp } from "@/jobs/clean_up.ts";
import { assertEquals } from "@/tests/helpers/assert.ts";
import { NEVER } from "@/tests/helpers/jobs.ts";
import { openWriter } from "@/tests/helpers/writer.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

/** For each kind: SQL that makes a row so many days old, and the ages at which it stays and goes. */
const OLD = "uuidv7(make_interval(days => -$3::int))";
const AT = "now() - make_interval(days => $3::int)";
const MESSAGE = `insert into outbox (tenant_id, id, recipient, template)
  values ($1, ${OLD}, $2::text, 'comment_added')`;
const KINDS: Record<string, { insert: string; stays: number; goes: number; table: string }> = {
  "idempotency keys": {
    table: "idempotency_keys",
    insert: `insert into idempotency_keys (tenant_id, user_id, route, key, body_hash, created_at)
      values ($1, $2, 'r', gen_random_uuid()::text, '', ${AT})`,
    stays: 0,
    goes: 2,
  },
  "sessions": {
    table: "sessions",
    insert: `with s as (insert into sessions (tenant_id, user_id, id, secret_hash, expires_at)
        values ($1, $2, ${OLD}, '', ${AT} + interval '30 days') returning id)
      insert into refresh_tokens (tenant_id, session_id) select $1, id from s`,
    stays: 36,
    goes: 38,
  },
  "password resets": {
    table: "password_resets",
    insert: `insert into password_resets (tenant_id, user_id, id, expires_at) values ($1, $2, ${OLD}, ${AT})`,
    stays: 6,
    goes: 8,
  },
  "invitations": {
    table: "invitations",
    insert: `insert into invitations (tenant_id, invited_by, id, email, role, expires_at)
      values ($1, $2, ${OLD}, 'x@harbour.example', 'AGENT', ${AT})`,
    stays: 89,
    goes: 91,
  },
  "read notifications": {
    table: "notifications",
    insert: `insert into notifications (tenant_id, user_id, id, kind, read_at)
      values ($1, $2, ${OLD}, 'mentioned', now())`,
    stays: 89,
    goes: 91,
  },
  "notifications": {
    table: "notifications",
    insert: `insert into notifications (tenant_id, user_id, id, kind) values ($1, $2, ${OLD}, 'mentioned')`,
    stays: 179,
    goes: 181,
  },
  "events": {
    table: "events",
    insert: `insert into events (tenant_id, id, topic, entity, entity_id)
      values ($1, ${OLD}, 'ticket.edited', 'ticket', $2)`,
    stays: 29,
    goes: 31,
  },
  "provider events": {
    table: "provider_events",
    insert:
      `insert into provider_events (tenant_id, id, kind, at) values ($1, $2 || $3::text, 'email.sent', ${AT})`,
    stays: 29,
    goes: 31,
  },
  "inbound mails": {
    table: "inbound_mails",
    insert: `insert into inbound_mails (tenant_id, id, provider_id, sender, recipient)
      values ($1, ${OLD}, $2 || $3::text, 'x@harbour.example', 'harbour@in.example')`,
    stays: 179,
    goes: 181,
  },
  "jobs that are done": { table: "outbox", insert: MESSAGE, stays: 29, goes: 31 },
  "dead jobs": { table: "outbox", insert: MESSAGE, stays: 89, goes: 91 },
};

Deno.test("what has expired is removed, and what hasn't stays, whoever cleans up at the same time", async (t) => {
  await using scene = await openScene();
  const { desk, admin, other, requester } = scene;
  await raise(requester);
  assertEquals(await cleanUp(desk.request(), NEVER), {});
  const count = async (table: string) =>
    (await desk.look<{ n: number }>(`select count(*)::int as n from ${table}`))[0]!.n;

  for (const [what, { table, insert, stays, goes }] of Object.entries(KINDS)) {
    await t.step(what, async () => {
      const before = await count(table);
      for (const [client, days] of [[admin, stays], [admin, goes], [other, stays], [other, goes]] as const) {
        await desk.look(insert, [client.tenant.id, client.user.id, days]);
        if (table !== "outbox") continue;
        await desk.look(
          `update jobs set state = $1, finished_at = created_at + interval '1 minute' - make_interval(days => $2::int)
            where state = 'ready' and id < uuidv7('-20 days')`,
          [what === "dead jobs" ? "dead" : "done", days],
        );
      }
      assertEquals(await count(table), before + 4);
      assertEquals(await cleanUp(desk.request(), NEVER), { [what]: 2 });
      assertEquals(await count(table), before + 2);
      assertEquals(await cleanUp(desk.request(), NEVER), {});
      if (table === "outbox") assertEquals(await count("jobs"), await count("outbox"));
    });
  }
  await t.step("more than fits into one transaction, and three at once", async () => {
    await desk.look(
      `insert into notifications (tenant_id, user_id, id, kind)
        select $1, $2, uuidv7('-200 days'), 'mentioned' from generate_series(1, 2500)`,
      [admin.tenant.id, admin.user.id],
    );
    const runs = await Promise.all([1, 2, 3].map(() => cleanUp(desk.request(), NEVER)));
    const last = await cleanUp(desk.request(), NEVER);
    const all = [...runs, last].reduce((sum, run) => sum + (run["notifications"] ?? 0), 0);
    assertEquals(all, 2500);
  });
  await t.step("what can't be removed holds up nothing else", async () => {
    for (const what of ["events", "password resets"]) {
      await desk.look(KINDS[what]!.insert, [admin.tenant.id, admin.user.id, 200]);
    }
    await desk.look(`create function refuse() returns trigger language plpgsql as $$ begin raise 'No'; end $$;
      create trigger refuse before delete on password_resets for each row execute function refuse()`);
    assertEquals(await cleanUp(desk.request(), NEVER), { events: 1 });
    await desk.look("drop trigger refuse on password_resets");
    assertEquals(await cleanUp(desk.request(), NEVER), { "password resets": 1 });
  });
});

Deno.test("words that no text says any more are removed, in steps, and none that somebody is entering", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester } = scene;
  const left = async (word: string) => {
    const [row] = await desk.look<{ parts: number; titles: number }>(
      `select (select count(*)::int from search_parts where word = $1) as parts,
        (select count(*)::int from search_vocabulary where word = $1) as titles`,
      [word],
    );
    return [row!.parts, row!.titles];
  };
  const found = async (q: string) => (await agent.get(`/search?q=${q}`)).body.tickets.length;
  const ticket = await raise(requester, { title: "Netzwerkdrucker", description: "Zahnradgetriebe klemmt" });
  await raise(requester, { title: "Scanner", description: "wie ein Netzwerkdrucker" });
  const comment = async (body: string, visibility: string) =>
    (await agent.post(`/tickets/${ticket.id}/comments`, { body, visibility })).body.id;
  const [said, noted] = [
    await comment("Papierführung", "public"),
    await comment("Zugangsdatenblatt", "internal"),
  ];
  const words = ["netzwerkdrucker", "zahnradgetriebe", "papierfuhrung", "zugangsdatenblatt"];
  assertEquals(await Promise.all(words.map(left)), [[12, 1], [12, 0], [10, 0], [14, 0]]);

  await t.step("of an edited title and text, of a comment that was taken out, of a note", async () => {
    await agent.patch(`/tickets/${ticket.id}`, { version: 1, title: "Printer", description: "Fixed" });
    await desk.look("delete from comments where id = $1", [said]);
    await desk.look("update comments set body = 'No' where id = $1", [noted]);
    assertEquals(await cleanUp(desk.request(), NEVER), { "search words": 4 });
    // Another ticket says it, though not as its title.
    assertEquals(await Promise.all(words.map(left)), [[12, 0], [0, 0], [0, 0], [0, 0]]);
    assertEquals([await found("drucker"), await found("getriebe")], [1, 0]);
    assertEquals(await cleanUp(desk.request(), NEVER), {});
  });

  await t.step("not what somebody enters just now", async () => {
    await using writer = await openWriter(desk);
    const other = await raise(requester, { title: "Lager", description: "Zahnradgetriebe" });
    await agent.patch(`/tickets/${other.id}`, { version: 1, description: "Leer" });
    await writer.query("begin");
    await writer.query("update tickets set description = 'Zahnradgetriebe' where id = $1", [ticket.id]);
    assertEquals(await cleanUp(desk.request(), NEVER), {});
    await writer.query("commit");
    assertEquals(await cleanUp(desk.request(), NEVER), { "search words": 1 });
    assertEquals([await left("zahnradgetriebe"), await found("getriebe")], [[12, 0], 1]);
  });

  await t.step("a hundred at a time, and not before all texts are entered, the long ones too", async () => {
    await desk.look(
      `insert into search_dropped_words (tenant_id, field, word)
      select $1, 1, 'zahnradgetriebe' from generate_series(1, 2500)`,
      [admin.tenant.id],
    );
    const step = () =>
      act(
        desk.request(),
        { kind: "system", tenantId: admin.tenant.id },
        (cx) => removeExpired(cx, "search words"),
      );
    await desk.look("insert into search_rebuilds (tenant_id) values ($1)", [admin.tenant.id]);
    assertEquals(await step(), { done: 0, more: false });
    await desk.look("delete from search_rebuilds");
    await desk.look("insert into search_long_texts (tenant_id, source_id) values ($1, uuidv7())", [
      admin.tenant.id,
    ]);
    assertEquals(await step(), { done: 0, more: false });
    await desk.look("update search_long_texts set done = true");
    assertEquals(await step(), { done: 100, more: true });
    assertEquals(await cleanUp(desk.request(), NEVER), { "search words": 2400 });
    assertEquals(await left("zahnradgetriebe"), [12, 0]);
  });
});
