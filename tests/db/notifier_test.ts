import assert from "node:assert/strict";
import { createWiredBus } from "@/adapters/wired_bus.ts";
import { Notifier } from "@/db/notifier.ts";
import { configureLog } from "@/log.ts";
import { asSuperuser, cloneDatabase, currentCluster, targetOf } from "@/tests/helpers/cluster.ts";

configureLog({ level: "error", format: "json" });

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function until(is: () => boolean, ms = 8_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!is()) {
    if (performance.now() > deadline) throw new Error(`Not so after ${ms} ms: ${is}`);
    await pause(5);
  }
}

Deno.test("the bus over PostgreSQL tells each process once, in few NOTIFYs, and comes back after a cut", async () => {
  const cluster = currentCluster();
  const database = await cloneDatabase(cluster);
  const open = () => new Notifier(targetOf(cluster, database), { user: "servicehub_app", log: () => {} });
  const wires = [open(), open()];
  const seen: string[] = [];
  wires[1]!.listen((text) => seen.push(text));
  const [a, b] = wires.map(createWiredBus);
  try {
    await until(() => a!.state().up && b!.state().up);
    assert.deepEqual(a!.state(), { over: "postgresql", up: true });
    const heard = [a, b].map((bus) => {
      const all: string[] = [];
      bus!.subscribe("events", (message) => all.push(message));
      return all;
    });
    a!.publish("events", "first");
    await until(() => heard.every((all) => all.length === 1));
    // A thousand tenants in one go, each said three times: 36 KB in texts of less than 8,000 bytes.
    const tenants = Array.from({ length: 1_000 }, () => crypto.randomUUID());
    seen.length = 0;
    for (let round = 0; round < 3; round++) for (const id of tenants) a!.publish("events", id);
    await until(() => heard[1]!.length >= 1_001);
    await pause(50);
    assert.equal(new Set(heard[1]).size, 1_001);
    assert.equal(heard[1]!.length, 1_001, "said once");
    assert.equal(heard[0]!.length, 3_001, "told at once in the process itself");
    assert.ok(seen.length <= 8 && seen.every((text) => new TextEncoder().encode(text).length < 8_000));
    a!.publish("cache", "ü".repeat(3_950));
    a!.publish("events", "after one that is too long");
    await until(() => heard[1]!.includes("after one that is too long"));

    await asSuperuser(cluster, database, (client) =>
      client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()",
        [database],
      ));
    await until(() => !a!.state().up && !b!.state().up, 2_000);
    a!.publish("events", "lost");
    await until(() => a!.state().up && b!.state().up, 5_000);
    b!.publish("events", "back");
    await until(() => heard.every((all) => all.includes("back")));
    assert.equal(heard[1]!.includes("lost"), false);
  } finally {
    await Promise.all([a!.close(), b!.close()]);
  }
});
