import { mentionsIn } from "@/domain/shared/mention_calls.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { cpuTime } from "@/tests/helpers/cpu_time.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const names = (people: { name: string }[]) => people.map(({ name }) => name);

Deno.test("mentions: whom a comment calls", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, stranger } = scene;
  const emi = await admin.invite("AGENT", "Emi Tanaka");
  const emi2 = await admin.invite("REQUESTER", "Emi Second");
  const jean = await admin.invite("MANAGER", "Jean Luc");
  await desk.look("update users set name = 'Emi Tanaka' where id = $1", [emi2.user.id]);
  await desk.look("update users set name = $2 where id = $1", [jean.user.id, "Jean-Luc O'Neill"]);
  const ticket = await raise(requester);
  const say = async (client: Client, body: string, visibility = "public") => {
    const answer = await client.post(`/tickets/${ticket.id}/comments`, { body, visibility });
    assertEquals(answer.status, 201);
    return answer.body as {
      id: string;
      mentions: { id: string; name: string }[];
      unreached: { name: string }[];
    };
  };

  await t.step("by the whole name, in any case, whatever follows", async () => {
    const { mentions } = await say(admin, "@ana agent, and @Jean-Luc O'Neill's queue. (@Rob Requester)");
    assertEquals(mentions.map(({ id }) => id), [agent.user.id, jean.user.id, requester.user.id]);
    assertEquals(names(mentions), ["ana agent", "Jean-Luc O'Neill", "Rob Requester"]);
    const [read] = (await agent.get(`/tickets/${ticket.id}/comments`)).body.items;
    assertEquals(new Set(names(read.mentions)), new Set(names(mentions)));
  });

  await t.step("not in addresses, quotes, code, or as part of a word", async () => {
    const body = "x@Ana Agent\n> @Ana Agent\n`@Ana Agent` @Ana Agents\n```\n@Ana Agent\n```\n@ Ana Agent @";
    assertEquals((await say(admin, body)).mentions, []);
  });

  await t.step("a name of two people calls nobody; by id it calls the one that is meant", async () => {
    assertEquals((await say(admin, "@Emi Tanaka")).mentions, []);
    const { mentions } = await say(admin, `@[Emi Tanaka](user:${emi.user.id}) look`);
    assertEquals(mentions, [{ id: emi.user.id, name: "Emi Tanaka" }]);
    const [mail] = await desk.look(
      "select payload->>'excerpt' as text from outbox where template = 'comment_added' order by created_at desc, id desc",
    );
    assertEquals(mail!.text, "@Emi Tanaka look");
  });

  await t.step("who may not read it is named in the answer, gets no access and isn't told", async () => {
    const { mentions, unreached } = await say(agent, "@Sue Stranger");
    assertEquals([mentions, names(unreached)], [[], ["Sue Stranger"]]);
    assertEquals((await stranger.get(`/tickets/${ticket.id}`)).status, 404);
    const note = await say(agent, "@Rob Requester @Jean-Luc O'Neill", "internal");
    assertEquals([names(note.mentions), names(note.unreached)], [["Jean-Luc O'Neill"], ["Rob Requester"]]);
  });

  await t.step("a requester calls those of the conversation, and finds out about nobody else", async () => {
    assertEquals(names((await say(requester, "@Ana Agent and @Ana")).mentions), ["Ana Agent"]);
    const { mentions, unreached } = await say(
      requester,
      `@Sue Stranger @Emi Tanaka @[x](user:${emi.user.id})`,
    );
    assertEquals([mentions, unreached], [[], []]);
    const offered = (await requester.get(`/tickets/${ticket.id}/mentions`)).body.items;
    assertEquals(new Set(names(offered)), new Set(["Ada Admin", "Ana Agent"]));
    assert(offered.every((one: object) => !("email" in one)));
    assertEquals((await requester.get(`/tickets/${ticket.id}/mentions?q=sue`)).body.items, []);
  });

  await t.step("a first name is enough for who is in the conversation", async () => {
    assertEquals(names((await say(agent, "Thanks @Rob, done")).mentions), ["Rob"]);
    assertEquals((await say(agent, "@Jean @Sue")).mentions, []);
  });

  await t.step(
    "completion: by the beginning of a word, with what to write and whether they read it",
    async () => {
      const offered = (await agent.get(`/tickets/${ticket.id}/mentions?q=tan`)).body.items;
      assertEquals(
        offered.map(({ text, reads }: Record<string, unknown>) => [text, reads]).sort(),
        [[`@[Emi Tanaka](user:${emi.user.id})`, true], [`@[Emi Tanaka](user:${emi2.user.id})`, false]]
          .sort(),
      );
      const own = (await agent.get(`/tickets/${ticket.id}/mentions?q=rob&visibility=internal`)).body.items;
      assertEquals(own.map(({ text, reads }: Record<string, unknown>) => [text, reads]), [[
        "@Rob Requester",
        false,
      ]]);
      assertEquals((await stranger.get(`/tickets/${ticket.id}/mentions`)).status, 404);
    },
  );

  await t.step("completion: those of the conversation come first", async () => {
    const offered = (await admin.get(`/tickets/${ticket.id}/mentions?q=e`)).body.items;
    assertEquals(names(offered), ["Emi Tanaka", "Emi Tanaka"]);
    const all = (await admin.get(`/tickets/${ticket.id}/mentions?q=r`)).body.items;
    assertEquals(names(all), ["Rob Requester"]);
    await stranger.post("/tickets", { title: "x", description: "" });
    const own = (await admin.get(`/tickets/${ticket.id}/mentions?q=s`)).body.items;
    assertEquals(names(own), ["Sue Stranger"]);
    await admin.invite("AGENT", "Aaron Early");
    assertEquals(names((await admin.get(`/tickets/${ticket.id}/mentions?q=a`)).body.items), [
      "Ana Agent",
      "Aaron Early",
    ]);
  });

  await t.step("who is deactivated can't be called", async () => {
    const { version } = (await admin.get(`/users/${jean.user.id}`)).body;
    await admin.patch(`/users/${jean.user.id}`, { active: false, version });
    assertEquals((await say(agent, "@Jean-Luc O'Neill")).mentions, []);
    assertEquals((await agent.get(`/tickets/${ticket.id}/mentions?q=jean`)).body.items, []);
  });

  await t.step("an edit changes whom it calls, and keeps who is still there", async () => {
    const { id } = await say(agent, "@Rob Requester @Ada Admin");
    const path = `/tickets/${ticket.id}/comments/${id}`;
    const { body } = await agent.patch(path, { body: "@Ada Admin @Sue Stranger", version: 1 });
    assertEquals([names(body.mentions), names(body.unreached)], [["Ada Admin"], ["Sue Stranger"]]);
    assertEquals(names((await agent.get(path)).body.mentions), ["Ada Admin"]);
  });

  await t.step("code, quotes, links and escapes call nobody, wherever Markdown sees them", async () => {
    const silent = [
      "`@Rob Requester`",
      "``run ` @Rob Requester``",
      "one `two\n@Rob Requester\nthree`",
      "````sh\n```\n@Rob Requester\n```\n````",
      "~~~\n```\n@Rob Requester\n~~~",
      "```\nnever closed\n\n@Rob Requester",
      "- list\n\n  ```\n  @Rob Requester\n  ```",
      "Log:\n\n    @Rob Requester",
      "Log:\n\n\t@Rob Requester",
      "> @Rob Requester\ngoes on @Rob Requester",
      "- > @Rob Requester",
      "[@Rob Requester](https://harbour.example)",
      "[see *@Rob Requester*][1]\n\n[1]: https://harbour.example",
      "\\@Rob Requester",
      "<rob@Rob Requester> rob@Rob Requester",
      `\`@[Rob Requester](user:${requester.user.id})\``,
      `Log:\n\n    @[Rob Requester](user:${requester.user.id})`,
    ];
    for (const body of silent) assertEquals([body, names((await say(agent, body)).mentions)], [body, []]);
    const heard = [
      "@Rob Requester",
      "**@Rob Requester**",
      "- @Rob Requester",
      "# @Rob Requester",
      "`code` @Rob Requester `more`",
      "a single ` and @Rob Requester",
      "> quoted\n\n@Rob Requester",
      "```\ncode\n```\n@Rob Requester",
      "\\\\@Rob Requester",
      `@Rob Requester, see\n${"[a] <b> | *c*\n".repeat(3_000)}`,
    ];
    for (const body of heard) {
      assertEquals([body, names((await say(agent, body)).mentions)], [body, ["Rob Requester"]]);
    }
  });

  await t.step(
    "CHK-35 whom 64 KiB call is found in 100 ms of processor time, and the comment is saved",
    async () => {
      for (
        const unit of ["@", "@a ", "@Ana Agen ", "@[", "@[x](user:", "`@a", "@a@", "> @a\n", "@Ana Agent"]
      ) {
        const body = unit.repeat(Math.floor(65_536 / unit.length));
        const took = cpuTime(() => void mentionsIn(body, 20));
        assert(took < 100, `${unit}: ${took} ms`);
        assertEquals((await say(agent, body)).unreached, []);
      }
    },
  );
});

Deno.test("mentions: a confined agent of another queue is named, and neither told nor let in", async () => {
  await using scene = await openScene();
  const { desk, admin, agent, requester, queue } = scene;
  const far = await admin.invite("AGENT", "Farid Nasser");
  await desk.look("update tenants set agents_see_all = false");
  await admin.put(`/queues/${queue}/members/${agent.user.id}`);
  const ticket = await raise(requester);
  await admin.put(`/tickets/${ticket.id}/assignment`, { version: 1, assigneeId: null, queueId: queue });
  const { body } = await admin.post(`/tickets/${ticket.id}/comments`, {
    visibility: "public",
    body: "@Ana Agent @Farid Nasser",
  });
  assertEquals([names(body.mentions), names(body.unreached)], [["Ana Agent"], ["Farid Nasser"]]);
  assertEquals((await far.get(`/tickets/${ticket.id}`)).status, 404);
});
