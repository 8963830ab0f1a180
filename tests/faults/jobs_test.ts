import { claimJobs, type JobHandler, settleJobs } from "@/domain/jobs/claim.ts";
import { RetryAfter } from "@/domain/jobs/outcome.ts";
import { startWorkers } from "@/jobs/workers.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { type Desk, openDesk } from "@/tests/helpers/desk.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import { makeProbes, openSink, startWorkerProcess } from "@/tests/helpers/workers.ts";
import { until } from "@/tests/process/support.ts";

/** How many jobs there are in each state. */
async function states(desk: Desk): Promise<Record<string, number>> {
  const rows = await desk.look<{ state: string; count: number }>(
    "select state, count(*) from jobs where kind = 'probe' group by state",
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

async function organisation(desk: Desk, name: string): Promise<string> {
  const [row] = await desk.look<{ id: string }>(
    "insert into tenants (slug, name) values (lower($1), $1) returning id",
    [name],
  );
  return row!.id;
}

const probes = (handler: JobHandler) => ({ probe: { handler, slots: 16, slotsPerTenant: 16 } });

Deno.test("REL-03 a job whose worker was killed is taken by another within 60 s", async () => {
  await using desk = await openDesk();
  const tenantId = await organisation(desk, "Alpha");
  const [id] = await makeProbes(desk, { tenantId, many: 1 });
  const begun = Promise.withResolvers<void>();
  const hang = Promise.withResolvers<Record<never, never>>();
  const hanging = startWorkers(desk.services, {
    kinds: probes(() => {
      begun.resolve();
      return hang.promise;
    }),
  });
  await begun.promise;
  const [held] = await desk.look<{ seconds: number; state: string }>(
    "select extract(epoch from run_at - now())::int as seconds, state from jobs where id = $1",
    [id],
  );
  assertEquals(held!.state, "running");
  assert(held!.seconds > 30 && held!.seconds <= 60, `${held!.seconds} s`);
  assertEquals(await claimJobs("probe", { limit: 10, leaseSeconds: 60 }), []);
  await desk.look("update jobs set run_at = now()");
  const [taken] = await claimJobs("probe", { limit: 10, leaseSeconds: 60 });
  assertEquals([taken!.id, taken!.attempts, taken!.lost, taken!.lease], [id, 1, 1, 2]);
  hang.resolve({});
  await hanging.stop();
});

Deno.test("REL-04 a worker that was stopped past its lease can't complete the job any more", async () => {
  await using desk = await openDesk();
  await using sink = openSink();
  const tenantId = await organisation(desk, "Alpha");
  const [id] = await makeProbes(desk, { tenantId, many: 1 });
  sink.verdict = ({ attempts }) => attempts === 1 && sink.reports.length === 1 ? "hang" : "ok";
  await using slow = await startWorkerProcess(desk, { sink: sink.url, leaseSeconds: 1 });
  await until(() => sink.reports.length === 1, 10_000);
  slow.kill("SIGSTOP");
  await until(async () => (await claimJobs("probe", { limit: 1, leaseSeconds: 60 })).length === 1, 10_000);
  slow.kill("SIGCONT");
  const [row] = await desk.look("select state, lease from jobs where id = $1", [id]);
  assertEquals(row, { state: "running", lease: 2 });
  const job = (lease: number) => ({
    tenantId,
    id: id!,
    kind: "probe",
    lease,
    attempts: 1,
    maxAttempts: 9,
    lost: 0,
  });
  const outcome = { state: "done" as const, wait: 0, note: null };
  assertEquals(await settleJobs([{ job: job(1), outcome }]), { settled: 0, freed: false });
  assertEquals(await settleJobs([{ job: job(2), outcome }]), { settled: 1, freed: false });
});

Deno.test("REL-05 a job waits as long as it was told to, but not less than the table says", async () => {
  await using desk = await openDesk();
  const tenantId = await organisation(desk, "Alpha");
  await makeProbes(desk, { tenantId, many: 1 });
  const wait = async (seconds: number) => {
    await desk.look("update jobs set run_at = now()");
    await drainJobs(desk.services, {
      kinds: probes(() => Promise.reject(new RetryAfter("Too many", { seconds }))),
    });
    const [row] = await desk.look<{ wait: number }>(
      "select extract(epoch from run_at - now())::int as wait from jobs",
    );
    return row!.wait;
  };
  const told = await wait(600);
  assert(told >= 598 && told <= 661, `${told}`);
  const least = await wait(1);
  assert(least >= 58 && least <= 67, `${least}`);
});

Deno.test("REL-06 a job that ends its process each time dies alone", async () => {
  await using desk = await openDesk();
  await using sink = openSink();
  const tenantId = await organisation(desk, "Alpha");
  const ids = await makeProbes(desk, { tenantId, many: 30 });
  const poison = ids[7]!;
  sink.verdict = ({ id }) => id === poison ? "die" : "ok";
  let died = 0;
  while ((await states(desk))["done"] !== 29 || (await states(desk))["dead"] !== 1) {
    assert(died < 14, "It took others along, or never died");
    await using worker = await startWorkerProcess(desk, { sink: sink.url, leaseSeconds: 0.3 });
    let ended = false;
    worker.ended.then(() => ended = true);
    await until(async () => ended || (await states(desk))["dead"] === 1, 20_000);
    if (ended) died++;
    else await until(async () => (await states(desk))["done"] === 29, 20_000);
  }
  const [dead] = await desk.look("select id, state, lost from jobs where state = 'dead'");
  assertEquals(dead, { id: poison, state: "dead", lost: 10 });
  assertEquals(died, 10);
});

Deno.test("REL-06 a backlog of 100,000 jobs holds up another organisation's by 5 s at most", async () => {
  await using desk = await openDesk();
  const [full, other] = [await organisation(desk, "Full"), await organisation(desk, "Other")];
  await makeProbes(desk, { tenantId: full, many: 100_000 });
  await desk.look("analyze jobs");
  let busy = 0;
  let seen = 0;
  const workers = startWorkers(desk.services, {
    kinds: probes(async (_request, { tenantId }) => {
      if (tenantId === other) seen = performance.now();
      else busy++;
      await new Promise((done) => setTimeout(done, 5));
      return {};
    }),
  });
  await until(() => busy > 200, 20_000);
  const made = performance.now();
  await makeProbes(desk, { tenantId: other, many: 1 });
  desk.services.wake();
  await until(() => seen > 0, 20_000);
  await workers.stop();
  assert(seen - made <= 5_000, `${seen - made} ms`);
  assert(busy < 90_000, "The backlog was gone before");
});

Deno.test("a server of one organisation that hangs leaves slots to the others", async () => {
  await using desk = await openDesk();
  const [hanging, other] = [await organisation(desk, "Hanging"), await organisation(desk, "Other")];
  await makeProbes(desk, { tenantId: hanging, many: 50 });
  const hang = Promise.withResolvers<Record<never, never>>();
  const done: string[] = [];
  const workers = startWorkers(desk.services, {
    kinds: {
      probe: {
        slots: 8,
        slotsPerTenant: 5,
        handler: async (_request, { tenantId, id }) => {
          if (tenantId === hanging) await hang.promise;
          done.push(id);
          return {};
        },
      },
    },
  });
  await until(async () => (await states(desk))["running"] === 5, 10_000);
  const ids = await makeProbes(desk, { tenantId: other, many: 20 });
  desk.services.wake();
  await until(() => done.length === 20, 10_000);
  assertEquals(done.toSorted(), ids);
  await until(async () => (await states(desk))["running"] === 5, 10_000);
  hang.resolve({});
  await until(() => done.length === 70, 20_000);
  await workers.stop();
});

Deno.test("a worker that is woken while all its slots are taken goes on when one is free", async () => {
  await using desk = await openDesk();
  const tenants = await Promise.all(["Alpha", "Beta", "Gamma"].map((name) => organisation(desk, name)));
  for (const tenantId of tenants) await makeProbes(desk, { tenantId, many: 10 });
  let most = 0;
  let active = 0;
  const workers = startWorkers(desk.services, {
    kinds: {
      probe: {
        slots: 2,
        slotsPerTenant: 2,
        handler: async () => {
          most = Math.max(most, ++active);
          desk.services.wake();
          await new Promise((done) => setTimeout(done, 25));
          active--;
          return {};
        },
      },
    },
  });
  await until(async () => (await states(desk))["done"] === 30, 10_000);
  await workers.stop();
  assertEquals(most, 2);
});

Deno.test("while people wait for the process two jobs run at once, and more when they don't", async () => {
  await using desk = await openDesk();
  const tenantId = await organisation(desk, "Alpha");
  let busy = true;
  let active = 0;
  const most = { busy: 0, idle: 0 };
  const workers = startWorkers(desk.services, {
    isBusy: () => busy,
    kinds: probes(async () => {
      most[busy ? "busy" : "idle"] = Math.max(most[busy ? "busy" : "idle"], ++active);
      await new Promise((done) => setTimeout(done, 20));
      active--;
      return {};
    }),
  });
  const drain = async (many: number, done: number) => {
    await makeProbes(desk, { tenantId, many });
    desk.services.wake();
    await until(async () => (await states(desk))["done"] === done, 20_000);
  };
  await drain(12, 12);
  busy = false;
  await drain(40, 52);
  await workers.stop();
  assertEquals(most.busy, 2);
  assert(most.idle > 2, `${most.idle} at once`);
});

Deno.test("REL-07 three processes do each of 600 jobs once", async () => {
  await using desk = await openDesk();
  await using sink = openSink();
  const tenants = [await organisation(desk, "Alpha"), await organisation(desk, "Beta")];
  for (const tenantId of tenants) await makeProbes(desk, { tenantId, many: 300 });
  const start = () => startWorkerProcess(desk, { sink: sink.url, leaseSeconds: 30 });
  await using one = await start();
  await using two = await start();
  await using three = await start();
  for (const tenantId of tenants) await makeProbes(desk, { tenantId, many: 300 });
  await until(async () => (await states(desk))["done"] === 1_200, 30_000);
  assertEquals(sink.reports.length, 1_200);
  assertEquals(new Set(sink.reports.map(({ id }) => id)).size, 1_200);
  void [one, two, three];
});

Deno.test("jobs of one order key run one after the other, and a dead letter lets the next go on", async () => {
  await using desk = await openDesk();
  const tenantId = await organisation(desk, "Alpha");
  const keys: Record<string, string[]> = {};
  for (const key of ["a", "b", "c"]) {
    keys[key] = await makeProbes(desk, { tenantId, many: 6, orderKey: key });
  }
  const order: string[] = [];
  let together = 0;
  const active = new Set<string>();
  const keyOf = (id: string) => Object.keys(keys).find((key) => keys[key]!.includes(id))!;
  const handler: JobHandler = async (_request, { id }) => {
    const key = keyOf(id);
    if (active.has(key)) together++;
    active.add(key);
    order.push(id);
    await new Promise((done) => setTimeout(done, 5));
    active.delete(key);
    return {};
  };
  await Promise.all([1, 2, 3].map(() => drainJobs(desk.services, { kinds: probes(handler) })));
  await until(async () => {
    await drainJobs(desk.services, { kinds: probes(handler) });
    return (await states(desk))["done"] === 18;
  }, 15_000);
  assertEquals(together, 0);
  for (const ids of Object.values(keys)) assertEquals(order.filter((id) => ids.includes(id)), ids);

  const [first, second] = await makeProbes(desk, { tenantId, many: 2, orderKey: "d" });
  let tries = 0;
  const failing: JobHandler = (_request, { id }) => {
    if (id === first) return Promise.reject(new Error(`Attempt ${++tries}`));
    order.push(id);
    return Promise.resolve({});
  };
  await drainJobs(desk.services, { kinds: probes(failing) });
  assert(!order.includes(second!), "It overtook an unfinished one");
  await desk.look("update jobs set run_at = now(), max_attempts = 2 where id = $1", [first]);
  await drainJobs(desk.services, { kinds: probes(failing) });
  assertEquals((await states(desk))["dead"], 1);
  assert(order.includes(second!), "The dead letter still held it up");
});
