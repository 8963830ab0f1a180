/** The parts of a worker, each by itself; what they do together is in tests/faults/jobs_test.ts. */
import type { RequestInfo } from "@/domain/cx.ts";
import { claimJobs, type Job } from "@/domain/jobs/claim.ts";
import { type JobOutcome, PermanentFailure } from "@/domain/jobs/outcome.ts";
import { Claimer } from "@/jobs/claimer.ts";
import { Isolation } from "@/jobs/isolation.ts";
import { Poller } from "@/jobs/poller.ts";
import { runJob } from "@/jobs/runner.ts";
import { Settler } from "@/jobs/settler.ts";
import { Slots } from "@/jobs/slots.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { makeProbes } from "@/tests/helpers/workers.ts";

const desk = await openDesk();
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const [alpha, beta] = await Promise.all(["Alpha", "Beta"].map(async (name) => {
  const rows = await desk.look<{ id: string }>(
    "insert into tenants (slug, name) values (lower($1), $1) returning id",
    [name],
  );
  return rows[0]!.id;
}));
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
const DONE: JobOutcome = { state: "done", wait: 0, note: null };

Deno.test("Poller: looks at once when woken, paces further wakes, and goes by what a look says", async () => {
  const looks: number[] = [];
  const answers: (number | null)[] = [];
  const began = performance.now();
  const poller = new Poller(() => {
    looks.push(performance.now() - began);
    return Promise.resolve(answers.shift() ?? null);
  }, 80);
  answers.push(0, 0, null);
  poller.wake();
  await sleep(10);
  assertEquals(looks.length, 3);
  poller.wake();
  poller.wake();
  await sleep(150);
  assertEquals(looks.length, 4);
  assert(looks[3]! - looks[2]! >= 79, `${looks}`);
  answers.push(30);
  poller.lookNow();
  await sleep(60);
  assertEquals(looks.length, 6);
  await poller.stop();
  poller.lookNow();
  poller.wake();
  await sleep(100);
  assertEquals(looks.length, 6);
});

Deno.test("Poller: is never at it twice at once, looks again for who asked meanwhile, and stops behind a look", async () => {
  let [looking, most, looks] = [0, 0, 0];
  let open = () => {};
  const poller = new Poller(async () => {
    looks++;
    most = Math.max(most, ++looking);
    await new Promise<void>((done) => open = done);
    looking--;
    return null;
  });
  poller.lookNow();
  poller.lookNow();
  poller.lookNow();
  open();
  await sleep(1);
  assertEquals([looks, most], [2, 1]);
  let stopped = false;
  const stopping = poller.stop().then(() => stopped = true);
  await sleep(5);
  assertEquals(stopped, false);
  open();
  await stopping;
  assertEquals([looks, most], [2, 1]);
});

Deno.test("Slots: count what is taken, in all and by tenant", () => {
  const slots = new Slots(3, 2);
  for (const tenant of ["a", "b", "a"]) slots.take(tenant);
  assertEquals([slots.taken, slots.free, slots.anyTenantFull], [3, 0, true]);
  assertEquals([...slots.byTenant], [["a", 2], ["b", 1]]);
  slots.release("a");
  slots.release("b");
  assertEquals([slots.taken, slots.free, slots.anyTenantFull], [1, 2, false]);
  assertEquals([...slots.byTenant], [["a", 1]]);
});

Deno.test("Isolation: what may crash the process runs alone, in its turn", async () => {
  const isolation = new Isolation();
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} begins`);
    await sleep(5);
    events.push(`${name} ends`);
  };
  isolation.run(work("a"), { alone: false });
  isolation.run(work("b"), { alone: false });
  isolation.run(work("suspect"), { alone: true });
  isolation.run(work("c"), { alone: false });
  isolation.run(work("second suspect"), { alone: true });
  await isolation.shareable();
  isolation.run(work("d"), { alone: false });
  await isolation.drained();
  const pair = (name: string) => [`${name} begins`, `${name} ends`];
  assertEquals(events.slice(4), ["suspect", "c", "second suspect", "d"].flatMap(pair));
  assertEquals(events.slice(0, 4), ["a begins", "b begins", "a ends", "b ends"]);
});

function jobOf(given: Partial<Job> = {}): Job {
  return {
    tenantId: alpha!,
    id: "x",
    kind: "probe",
    lease: 1,
    attempts: 1,
    maxAttempts: 3,
    lost: 0,
    ...given,
  };
}

Deno.test("runJob: says what becomes of a job, whatever its handler does", async () => {
  const request = desk.request();
  const run = (handler: Parameters<typeof runJob>[2]["handler"], job = jobOf(), deadlineMs = 1_000) =>
    runJob(request, job, { handler, deadlineMs });
  const fail = () => Promise.reject(new Error("No"));
  assertEquals(await run(() => Promise.resolve({})), DONE);
  assertEquals(await run(() => Promise.resolve({ note: "Nothing to do" })), {
    ...DONE,
    note: "Nothing to do",
  });
  const retried = await run(fail);
  assertEquals([retried.state, retried.note], ["ready", "No"]);
  assert(retried.wait >= 5 && retried.wait <= 5.5, `${retried.wait} s`);
  assertEquals((await run(fail, jobOf({ attempts: 3 }))).state, "dead");
  assertEquals((await run(() => Promise.reject(new PermanentFailure("Gone")))).state, "dead");
  const thrown = await run(() => {
    throw new Error("Before any await");
  });
  assertEquals([thrown.state, thrown.note], ["ready", "Before any await"]);
});

Deno.test("runJob: a handler that takes too long has failed, and is told so", async () => {
  let aborted = false;
  const handler = (_request: RequestInfo, _job: Job, { signal }: { signal: AbortSignal }) => {
    signal.addEventListener("abort", () => aborted = true);
    return new Promise<Record<never, never>>(() => {});
  };
  const outcome = await runJob(desk.request(), jobOf(), { handler, deadlineMs: 20 });
  assertEquals([outcome.state, outcome.note, aborted], ["ready", "Took longer than 0.02 s", true]);
});

async function claimed(many: number, tenantId = alpha!): Promise<Job[]> {
  await makeProbes(desk, { tenantId, many });
  return await claimJobs("probe", { limit: many, leaseSeconds: 60 });
}

const statesOf = async (jobs: Job[]) =>
  (await desk.look<{ state: string }>("select state from jobs where id = any($1) order by id", [
    jobs.map(({ id }) => id),
  ])).map(({ state }) => state);

Deno.test("Settler: outcomes that come together are written together, the last of all at once", async () => {
  const jobs = await claimed(5);
  const batches: number[] = [];
  const settler = new Settler((batch) => batches.push(batch.length));
  const settling = jobs.slice(0, 3).map((job) => settler.settle(job, DONE, { flush: false }));
  await sleep(5);
  assertEquals(batches, []);
  await Promise.all(settling);
  assertEquals(batches, [3]);
  assertEquals(await statesOf(jobs), ["done", "done", "done", "running", "running"]);
  const dead: JobOutcome = { state: "dead", wait: 0, note: "Gone" };
  await Promise.all([
    settler.settle(jobs[3]!, dead, { flush: false }),
    settler.settle(jobs[4]!, DONE, { flush: true }),
  ]);
  assertEquals(batches, [3, 2]);
  assertEquals(await statesOf(jobs.slice(3)), ["dead", "done"]);
});

Deno.test("Settler: tells that a job was waiting for these, and frees slots even where nothing could be written", async () => {
  await makeProbes(desk, { tenantId: alpha!, many: 2, orderKey: "k" });
  const [first] = await claimJobs("probe", { limit: 1, leaseSeconds: 60 });
  const results: { jobs: Job[]; freed: boolean }[] = [];
  const settler = new Settler((jobs, { freed }) => results.push({ jobs, freed }));
  await settler.settle(first!, DONE, { flush: true });
  assertEquals(results, [{ jobs: [first!], freed: true }]);
  const [second] = await claimJobs("probe", { limit: 1, leaseSeconds: 60 });
  await desk.look("alter function settle_jobs rename to gone");
  await settler.settle(second!, DONE, { flush: true });
  await desk.look("alter function gone rename to settle_jobs");
  assertEquals(results[1], { jobs: [second!], freed: false });
  assertEquals(await statesOf([second!]), ["running"]);
  await settler.settle(second!, DONE, { flush: true });
});

Deno.test("Claimer: takes as many as there are slots, leaves room to other tenants, and says when to look again", async () => {
  await makeProbes(desk, { tenantId: alpha!, many: 6 });
  await makeProbes(desk, { tenantId: beta!, many: 1 });
  const slots = new Slots(5, 3);
  const started: Job[] = [];
  let busy = false;
  const claimer = new Claimer("probe", slots, {
    leaseSeconds: 60,
    isBusy: () => busy,
    ready: () => Promise.resolve(),
    start: (job) => {
      slots.take(job.tenantId);
      started.push(job);
    },
  });
  while (await claimer.claim() === 0);
  assertEquals([slots.byTenant.get(alpha!), slots.byTenant.get(beta!)], [3, 1]);
  // Alpha has all it may have, and three more that are due.
  assertEquals(claimer.hasMore, true);
  busy = true;
  assertEquals(await claimer.claim(), 50);
  for (const { tenantId } of started.splice(0, 3)) slots.release(tenantId);
  assertEquals([await claimer.claim(), slots.taken, await claimer.claim()], [0, 2, 50]);
  busy = false;
  while (await claimer.claim() === 0);
  const ready = () => desk.look("select from jobs where kind = 'probe' and state = 'ready'");
  assertEquals((await ready()).length, 7 - 3 - slots.taken);

  const full = new Claimer("probe", new Slots(0, 1), { ...claimer.options });
  assertEquals(await full.claim(), null);
  const idle = new Claimer("probe", new Slots(5, 5), { ...claimer.options });
  await desk.look("update jobs set state = 'done' where kind = 'probe'");
  assertEquals([await idle.claim(), idle.hasMore], [5_000, false]);
  await desk.look("alter function claim_jobs rename to gone");
  assertEquals(await idle.claim(), 1_000);
  await desk.look("alter function gone rename to claim_jobs");
});
