import assert from "node:assert/strict";
import { asSuperuser } from "@/tests/helpers/cluster.ts";
import { type Desk, openDesk, PASSWORD } from "@/tests/helpers/desk.ts";
import { Client } from "@/tests/helpers/client.ts";
import { resetUrl } from "@/domain/shared/links.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";

const tokenOf = (acceptUrl: string) => new URL(acceptUrl).pathname.split("/").pop()!;

async function queueId(client: Client): Promise<string> {
  const [row] = await client.desk.look<{ id: string }>("select id from queues where tenant_id = $1", [
    client.tenant.id,
  ]);
  return row!.id;
}

Deno.test("an invitation makes a member of the role and queues it names, and its link is stored nowhere", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const queue = await queueId(admin);
  const body = { email: "Ben@alpha.example", name: "Ben", role: "AGENT", queueIds: [queue] };
  const invited = await admin.post("/invitations", body);
  assert.equal(invited.status, 201);
  assert.equal(invited.headers.get("location"), `/v1/invitations/${invited.body.id}`);
  assert.match(invited.body.acceptUrl, /^http:\/\/localhost:8000\/accept-invitation\/[\w.-]+$/);
  assert.equal((await admin.get(`/invitations/${invited.body.id}`)).body.acceptUrl, undefined);
  const token = tokenOf(invited.body.acceptUrl);
  const secret = token.split(".")[2]!;
  const tables = await desk.look<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  for (const { name } of tables) {
    const rows = await desk.look(`select count(*) from ${name} t where t::text like '%' || $1 || '%'`, [
      secret,
    ]);
    assert.deepEqual(rows, [{ count: 0 }], name);
  }
  const ben = desk.client();
  const joined = await ben.post("/auth/invitations/accept", { token, name: "Ben Bär", password: PASSWORD });
  assert.equal(joined.status, 201);
  assert.deepEqual([joined.body.user.email, joined.body.user.role], ["Ben@alpha.example", "AGENT"]);
  assert.equal(joined.body.user.emailVerified, false, "V15 no mail reached that address");
  const view = await admin.get(`/users/${joined.body.user.id}`);
  assert.deepEqual(view.body.queues, [{ id: queue, name: "Service desk" }]);
  const again = await desk.client().post("/auth/invitations/accept", {
    token,
    name: "Eve",
    password: PASSWORD,
  });
  assert.equal(again.status, 422);
  assert.equal(again.body.errors[0].code, "unusable_link");
});

Deno.test("CHK-30 one link accepted by many at once makes one user", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const { body } = await admin.post("/invitations", { email: "ben@alpha.example", role: "REQUESTER" });
  const token = tokenOf(body.acceptUrl);
  const answers = await Promise.all(
    Array.from(
      { length: 5 },
      (_, i) =>
        desk.client().post("/auth/invitations/accept", { token, name: `Ben ${i}`, password: PASSWORD }),
    ),
  );
  assert.deepEqual(answers.map((a) => a.status).sort(), [201, 422, 422, 422, 422]);
  assert.deepEqual(await desk.look("select count(*) from users"), [{ count: 2 }]);
});

Deno.test("CHK-30 re-inviting revokes, revoking and 72 hours end a link, three an hour are the most", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const invite = (email = "ben@alpha.example") => admin.post("/invitations", { email, role: "REQUESTER" });
  const accept = (url: string) =>
    desk.client().post("/auth/invitations/accept", { token: tokenOf(url), name: "Ben", password: PASSWORD });
  const first = (await invite()).body;
  const second = (await invite("BEN@alpha.example")).body;
  assert.equal((await accept(first.acceptUrl)).status, 422);
  assert.equal((await admin.delete(`/invitations/${second.id}`)).status, 204);
  assert.equal((await accept(second.acceptUrl)).status, 422);
  assert.equal((await admin.delete(`/invitations/${second.id}`)).status, 404);
  const third = (await invite()).body;
  await desk.look("update invitations set expires_at = now() - interval '1 second' where id = $1", [
    third.id,
  ]);
  assert.equal((await accept(third.acceptUrl)).status, 422);
  assert.equal((await invite()).status, 429);
  const states = (await admin.get("/invitations")).body.items.map((i: { state: string }) => i.state);
  assert.deepEqual(states, ["expired", "revoked", "revoked"]);
  const [{ hours }] = await desk.look<{ hours: string }>(
    "select round(extract(epoch from expires_at - created_at) / 3600) as hours from invitations where id = $1",
    [first.id],
  ) as [{ hours: string }];
  assert.equal(Number(hours), 72);
});

Deno.test("invitations are refused for members, foreign queues and requesters in queues; only admins invite", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const stranger = await desk.register("Beta");
  const foreign = await queueId(stranger);
  const refuse = async (body: Record<string, unknown>, path: string) => {
    const answer = await admin.post("/invitations", { email: "n@alpha.example", role: "AGENT", ...body });
    assert.equal(answer.status, 422, path);
    assert.equal(answer.body.errors[0].path, path);
    return answer.body.errors[0].message;
  };
  await refuse({ email: "ADMIN@alpha.example" }, "email");
  await refuse({ email: "x" }, "email");
  await refuse({ role: "OWNER" }, "role");
  await refuse({ role: "REQUESTER", queueIds: [await queueId(admin)] }, "queueIds");
  const one = await refuse({ queueIds: [foreign] }, "queueIds");
  assert.equal(await refuse({ queueIds: [crypto.randomUUID()] }, "queueIds"), one);
  for (const role of ["REQUESTER", "AGENT", "MANAGER"]) {
    const member = await admin.invite(role, `The ${role.toLowerCase()}`);
    assert.equal(
      (await member.post("/invitations", { email: "n@alpha.example", role: "ADMIN" })).status,
      403,
      role,
    );
    assert.equal((await member.get("/users")).status, 403, role);
    assert.equal(
      (await member.patch(`/users/${member.user.id}`, { version: 1, role: "ADMIN" })).status,
      403,
      role,
    );
  }
});

Deno.test("where mail delivers, the link goes by mail alone, and only from a verified inviter", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  desk.services.mail = { ...desk.services.mail, delivers: true };
  const invite = () => admin.post("/invitations", { email: "ben@alpha.example", role: "AGENT" });
  assert.equal((await invite()).status, 403);
  await desk.look("update users set email_verified_at = now()");
  const invited = await invite();
  assert.equal(invited.status, 201);
  assert.equal(invited.body.acceptUrl, undefined);
  assert.deepEqual(await drainJobs(desk.services), { done: 1, skipped: 0, failed: 0 });
  const [file] = [...Deno.readDirSync(`${desk.config.DATA_DIR}/mail`)];
  const path = `${desk.config.DATA_DIR}/mail/${file!.name}`;
  assert.equal(Deno.statSync(path).mode! & 0o777, 0o600);
  const mail = (await Deno.readTextFile(path)).replaceAll("=\r\n", "");
  const token = /accept-invitation\/([\w.-]+)/.exec(mail)![1]!;
  const accepted = await desk.client().post("/auth/invitations/accept", {
    token,
    name: "Ben",
    password: PASSWORD,
  });
  assert.equal(accepted.status, 201);
  assert.equal(accepted.body.user.emailVerified, true);
});

Deno.test("V15 a link that was shown on screen proves no address, before or after mail is set up", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const linkFor = async (email: string) => {
    const { body } = await admin.post("/invitations", { email, role: "ADMIN" });
    return new URL(body.acceptUrl).pathname.split("/").pop();
  };
  const [first, second] = [await linkFor("victim@bank.example"), await linkFor("other@bank.example")];
  const accept = (token: unknown) => {
    const client = desk.client();
    return client.post("/auth/invitations/accept", { token, name: "Vic", password: PASSWORD });
  };
  assert.equal((await accept(first)).body.user.emailVerified, false);
  desk.services.mail = { ...desk.services.mail, delivers: true };
  const joined = await accept(second);
  assert.equal(joined.body.user.emailVerified, false);
  const client = desk.client();
  client.become(joined);
  const invited = await client.post("/invitations", { email: "stranger@x.example", role: "AGENT" });
  assert.equal(invited.status, 403);
});

Deno.test("users are listed by name in pages, and found by the beginning of a word or address", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const names = ["Élodie Blanc", "anna zimmer", "Bernd Ober", "Cara Anders", "Dora 100% _x"];
  for (const name of names) {
    await desk.look(
      `insert into users (tenant_id, email, name, role, password_hash) values ($1, $2, $3, 'REQUESTER', 'x')`,
      [admin.tenant.id, `${name.split(" ")[0]!.toLowerCase()}@alpha.example`, name],
    );
  }
  await desk.register("Beta");
  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: { body: { items: { name: string }[]; nextCursor: string | null } } = await admin.get(
      `/users?limit=2${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`,
    );
    assert.ok(page.body.items.length <= 2);
    seen.push(...page.body.items.map((user) => user.name));
    cursor = page.body.nextCursor;
  }
  assert.deepEqual(seen, [
    "Ada Admin",
    "anna zimmer",
    "Bernd Ober",
    "Cara Anders",
    "Dora 100% _x",
    "Élodie Blanc",
  ]);
  const find = async (query: string) =>
    (await admin.get(`/users?${query}`)).body.items.map((user: { name: string }) => user.name);
  assert.deepEqual(await find("q=AN"), ["anna zimmer", "Cara Anders"]);
  assert.deepEqual(await find("q=bernd@"), ["Bernd Ober"]);
  assert.deepEqual(await find("q=100%25"), ["Dora 100% _x"]);
  assert.deepEqual(await find("q=%25"), []);
  assert.deepEqual(await find("role=ADMIN"), ["Ada Admin"]);
  assert.deepEqual(await find("active=false"), []);
  assert.equal((await admin.get("/users?cursor=forged")).status, 422);
});

Deno.test("CHK-19 a new role holds from the next request; deactivation ends sessions and open links at once", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const ben = await admin.invite("ADMIN", "Ben Bee", [await queueId(admin)]);
  const { body: invitation } = await ben.post("/invitations", {
    email: "friend@alpha.example",
    role: "ADMIN",
  });
  assert.equal((await ben.get("/users")).status, 200);
  const demoted = await admin.patch(`/users/${ben.user.id}`, { version: 1, role: "AGENT" });
  assert.equal(demoted.status, 200);
  assert.equal(demoted.body.role, "AGENT");
  assert.equal((await ben.get("/users")).status, 403);
  const token = tokenOf(invitation.acceptUrl);
  const late = await desk.client().post("/auth/invitations/accept", { token, name: "F", password: PASSWORD });
  assert.equal(late.status, 422);
  const stale = await admin.patch(`/users/${ben.user.id}`, { version: 1, active: false });
  assert.equal(stale.status, 409);
  assert.deepEqual(stale.body.current, (await admin.get(`/users/${ben.user.id}`)).body);
  const off = await admin.patch(`/users/${ben.user.id}`, { version: 2, active: false });
  assert.equal(off.body.active, false);
  assert.equal((await ben.get("/me")).status, 401);
  const login = () => desk.client().post("/auth/login", { email: ben.user.email, password: PASSWORD });
  assert.equal((await login()).status, 401);
  const requester = await admin.patch(`/users/${ben.user.id}`, {
    version: 3,
    active: true,
    role: "REQUESTER",
  });
  assert.deepEqual(requester.body.queues, []);
  assert.equal((await login()).status, 200);
  assert.equal((await ben.get("/me")).status, 401);
  const actions = await desk.look(
    "select action from audit_log where entity = 'user' and action like 'user.%ed' order by id",
  );
  assert.deepEqual(actions.map((row) => row["action"]), [
    "user.joined",
    "user.role_changed",
    "user.deactivated",
    "user.reactivated",
  ]);
});

Deno.test("the last active admin stays, even when two demote each other at once", async () => {
  await using desk = await openDesk();
  const ada = await desk.register("Alpha");
  for (const change of [{ role: "AGENT" }, { active: false }]) {
    assert.equal((await ada.patch(`/users/${ada.user.id}`, { version: 1, ...change })).status, 409);
  }
  const ben = await ada.invite("ADMIN", "Ben Bee");
  const answers = await Promise.all([
    ada.patch(`/users/${ben.user.id}`, { version: 1, role: "AGENT" }),
    ben.patch(`/users/${ada.user.id}`, { version: 1, role: "AGENT" }),
  ]);
  assert.deepEqual(answers.map((a) => a.status).sort(), [200, 403]);
  assert.deepEqual(await desk.look("select count(*) from users where role = 'ADMIN'"), [{ count: 1 }]);
});

Deno.test("CHK-07 a foreign user answers like an unknown one", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const stranger = await desk.register("Beta");
  for (const [method, body] of [["GET", undefined], ["PATCH", { version: 1, role: "AGENT" }]] as const) {
    const answers = [];
    for (const id of [stranger.user.id, crypto.randomUUID()]) {
      const answer = await admin.api(method, `/users/${id}`, { body });
      assert.equal(answer.status, 404);
      answers.push({ ...answer.body, requestId: "", instance: "" });
    }
    assert.deepEqual(answers[0], answers[1]);
  }
  assert.equal((await stranger.get("/me")).body.role, "ADMIN");
});

Deno.test("CHK-30 of many invitations of one address at once one is open, and three an hour are made", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const answers = await Promise.all(
    Array.from(
      { length: 8 },
      (_, i) =>
        admin.post("/invitations", { email: i % 2 ? "ben@a.example" : "BEN@a.example", role: "AGENT" }),
    ),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, 201, 429, 429, 429, 429, 429]);
  const [open] = await desk.look(
    "select count(*) from invitations where accepted_at is null and revoked_at is null",
  );
  assert.deepEqual(open, { count: 1 });
});

Deno.test("an invitation waits for a demotion of its inviter under way, and is refused after it", async () => {
  await using desk = await openDesk();
  const ada = await desk.register("Alpha");
  const ben = await ada.invite("ADMIN", "Ben Bee");
  const invited = await asSuperuser(desk.cluster, desk.database, async (client) => {
    await client.query("begin");
    await client.query("update users set role = 'AGENT' where id = $1", [ben.user.id]);
    const waiting = ben.post("/invitations", { email: "n@alpha.example", role: "ADMIN" });
    await lockWait(desk);
    await client.query("commit");
    return await waiting;
  });
  assert.equal(invited.status, 403);
  assert.deepEqual(await desk.look("select 1 from invitations where email = 'n@alpha.example'"), []);
});

Deno.test("a change of a user that changes nothing leaves version and audit as they are", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const ben = await admin.invite("AGENT", "Ben Bee");
  const before = await desk.look("select id from audit_log order by id");
  for (const change of [{}, { role: "AGENT" }, { active: true }, { role: "AGENT", active: true }]) {
    const answer = await admin.patch(`/users/${ben.user.id}`, { version: 1, ...change });
    assert.deepEqual([answer.status, answer.headers.get("etag"), answer.body.version], [200, '"1"', 1]);
  }
  assert.equal((await admin.patch(`/users/${ben.user.id}`, { version: 2, role: "AGENT" })).status, 409);
  assert.deepEqual(await desk.look("select id from audit_log order by id"), before);
});

Deno.test("CHK-34 the character U+0000 is refused by field, and a cursor holds a name of any script", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  const refused = [
    [await admin.get("/users?q=a%00b"), "q"],
    [await admin.post("/invitations", { email: "a\0b@a.example", role: "AGENT" }), "email"],
    [await admin.post("/invitations", { email: "a@a.example", name: "a\0b", role: "AGENT" }), "name"],
    [await admin.patch("/me", { version: 1, name: "a\0b" }), "name"],
    [
      await desk.client().post("/auth/login", { email: "a@a.example", password: "x", organisation: "a\0b" }),
      "organisation",
    ],
  ] as const;
  for (const [answer, path] of refused) {
    assert.deepEqual([answer.status, answer.body.errors?.[0].path], [422, path]);
  }
  const long = "書".repeat(120);
  await desk.look("update users set name = $1", [long]);
  await desk.look(
    `insert into users (tenant_id, email, name, role, password_hash)
      select id, 'second@a.example', $1, 'AGENT', 'x' from tenants`,
    [long],
  );
  const { nextCursor } = (await admin.get("/users?limit=1")).body;
  const second = await admin.get(`/users?limit=1&cursor=${nextCursor}`);
  assert.deepEqual([second.status, second.body.items?.length, second.body.nextCursor], [200, 1, null]);
});

Deno.test("whoever ends sessions or takes links locks the person first, so that no two wait for each other", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Alpha");
  await admin.post("/auth/password/forgot", { email: admin.user.email });
  const [row] = await desk.look<{ id: string }>("select id from password_resets");
  const token = new URL(resetUrl(desk.services, { tenantId: admin.tenant.id, id: row!.id })).pathname.split(
    "/",
  ).pop();
  const other = desk.client();
  other.become(await other.post("/auth/login", { email: admin.user.email, password: PASSWORD }));
  const works = [
    () => admin.delete("/me/sessions"),
    () => desk.client().post("/auth/password/reset", { token, password: "seven violet anchors sing" }),
  ];
  for (const work of works) {
    const answer = await asSuperuser(desk.cluster, desk.database, async (client) => {
      await client.query("begin");
      await client.query("select 1 from users where id = $1 for no key update", [admin.user.id]);
      const waiting = work();
      await lockWait(desk);
      await desk.look("select 1 from sessions for update nowait");
      await desk.look("select 1 from password_resets for update nowait");
      await client.query("rollback");
      return await waiting;
    });
    assert.equal(answer.status, 204);
  }
});

/** Waits until somebody waits for a lock. @throws Error when nobody does for a second */
async function lockWait(desk: Desk): Promise<void> {
  const waiting =
    "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  const end = Date.now() + 1_000;
  while ((await desk.look(waiting)).length === 0) {
    if (Date.now() > end) throw new Error("Nobody waits for a lock");
    await new Promise((done) => setTimeout(done, 10));
  }
}
