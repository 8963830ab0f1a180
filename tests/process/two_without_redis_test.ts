import assert from "node:assert/strict";
import { busOf, listen, startInstances } from "@/tests/helpers/instances.ts";
import { Ledger, postOnce } from "@/tests/helpers/ledger.ts";
import { until } from "./support.ts";

Deno.test("without Redis two instances tell each other over PostgreSQL, also after it cut their connections", async () => {
  await using desk = await startInstances({ shareRedis: false });
  const { a, b, tokens } = desk;
  assert.deepEqual([await busOf(a), await busOf(b)], [1, 2].map(() => ({ over: "postgresql", up: true })));
  const ledger = new Ledger();
  const reader = await listen(b.url, tokens.agent);
  const tell = async () => {
    const { id } = await postOnce(ledger, {
      actor: "requester",
      url: a.url,
      path: "/v1/tickets",
      body: { title: "Ticket {key}", description: "" },
      token: tokens.requester,
    });
    const answered = performance.now();
    await reader.until(({ messages }) => messages.some(({ data }) => data.entityId === id), 6_000);
    return performance.now() - answered;
  };
  const times: number[] = [];
  for (let i = 0; i < 40; i++) times.push(await tell());
  times.sort((x, y) => x - y);
  Deno.stderr.writeSync(
    new TextEncoder().encode(
      `event on the other instance, over PostgreSQL: p50 ${times[19]!.toFixed(1)} ms, p95 ${
        times[37]!.toFixed(1)
      } ms\n`,
    ),
  );
  assert.ok(times[37]! < 1_000, "it waited for the poll");

  await desk.look("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'servicehub_app'");
  await until(async () => (await busOf(a)).up && (await busOf(b)).up, 5_000);
  await tell();
  assert.ok(await tell() < 1_000);
  await reader.close();
});
