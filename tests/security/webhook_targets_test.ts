import { createWebhookSender, type Resolved } from "@/adapters/webhook_sender.ts";
import { JOB_KINDS } from "@/jobs/kinds.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import { isPublicAddress, maySendTo } from "@/domain/webhooks/addresses.ts";
import { urlProblem } from "@/domain/webhooks/url.ts";
import { assert, assertEquals, assertRejects } from "@/tests/helpers/assert.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { openReceiver } from "@/tests/helpers/receiver.ts";

/** Listens on every address of this machine, and counts who comes. */
function openCanary() {
  const listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const six = Deno.listen({ hostname: "::1", port });
  const canary = {
    port,
    connections: 0,
    [Symbol.dispose]() {
      listener.close();
      six.close();
    },
  };
  for (const one of [listener, six]) {
    (async () => {
      for await (const connection of one) {
        canary.connections++;
        connection.close();
      }
    })().catch(() => {});
  }
  return canary;
}

const signal = new AbortController().signal;
const request = (url: string) => ({ url, headers: {}, body: "{}" });

/** Hosts that lead inside, as hostile customers write them. */
const HOSTS = [
  "127.0.0.1",
  "127.1",
  "127.0.1",
  "0",
  "0.0.0.0",
  "2130706433",
  "0x7f000001",
  "0x7f.1",
  "0177.0.0.1",
  "017700000001",
  "127.255.255.254",
  "127。0。0。1",
  "①②⑦.0.0.1",
  "%31%32%37.0.0.1",
  "localhost",
  "LOCALHOST",
  "localhost.",
  "deep.under.localhost",
  "intranet",
  "printer.local",
  "metadata.google.internal",
  "router.home.arpa",
  "files.lan",
  "[::1]",
  "[::]",
  "[0:0:0:0:0:0:0:1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::127.0.0.1]",
  "[::ffff:0:127.0.0.1]",
  "[64:ff9b::127.0.0.1]",
  "[64:ff9b:1::127.0.0.1]",
  "[2002:7f00:1::1]",
  "[2001:0:7f00:1::]",
  "[fe80::1]",
  "[fec0::1]",
  "[fc00::1]",
  "[fd00:ec2::254]",
  "[ff02::1]",
  "[100::1]",
  "[2001:db8::1]",
  "[4000::1]",
  "10.0.0.1",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.0.1",
  "169.254.169.254",
  "100.64.0.1",
  "100.100.100.200",
  "192.0.0.192",
  "168.63.129.16",
  "198.18.0.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "example.com@127.0.0.1",
  "user:word@127.0.0.1",
];

Deno.test("CHK-27 hostile addresses: refused as an endpoint is saved and as something is sent, none is connected to", async () => {
  await using desk = await openDesk();
  const admin = await desk.register();
  using canary = openCanary();
  // Nobody's proxy is asked.
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]) {
    Deno.env.set(name, `http://127.0.0.1:${canary.port}`);
  }
  const sender = createWebhookSender({ allowPrivate: false, timeoutMs: 2_000 });
  const urls = [
    ...HOSTS.map((host) => `https://${host}:${canary.port}/`),
    `http://127.0.0.1:${canary.port}/`,
    `http://93.184.215.14:${canary.port}/`,
    `https://127.0.0.1:${canary.port}\\@example.com/`,
    `https:127.0.0.1:${canary.port}/`,
    "https://93.184.215.14:22/",
    "https://93.184.215.14:25/",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1:25/",
    "data:text/plain,x",
    "unix:/run/docker.sock",
    "//127.0.0.1/",
    "https://",
  ];
  assert(urls.length >= 40, `${urls.length}`);
  const wrong: string[] = [];
  for (const url of urls) {
    const saved = await admin.post("/webhook-endpoints", { url });
    if (saved.status !== 422) wrong.push(`saved ${url}: ${saved.status}`);
    await sender.send(request(url), { signal }).then(
      ({ status }) => wrong.push(`sent ${url}: ${status}`),
      (error: Error) => /^Not sent/.test(error.message) || wrong.push(`${url}: ${error.message}`),
    );
  }
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]) Deno.env.delete(name);
  assertEquals(wrong, []);
  assertEquals(canary.connections, 0);
});

/** A resolver that gives another answer each time, the last one for good. */
function flipping(...answers: string[][]) {
  const asked: string[] = [];
  const resolve = (hostname: string): Promise<Resolved[]> => {
    const answer = answers[Math.min(asked.length, answers.length - 1)]!;
    asked.push(hostname);
    return Promise.resolve(
      answer.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return { resolve, asked };
}

// Of the public internet, and yet of nobody: that space is not given out.
const PUBLIC = "2e00::1";

Deno.test("CHK-27 a name that leads inside, now or a moment later, is connected to at no time", async () => {
  using canary = openCanary();
  const url = `https://rebind.example.com:${canary.port}/`;
  const send = async (names: ReturnType<typeof flipping>) =>
    await createWebhookSender({ allowPrivate: false, timeoutMs: 300, resolve: names.resolve })
      .send(request(url), { signal }).then(() => "sent", (error: Error) => error.message);
  for (
    const inside of [
      "127.0.0.1",
      "::1",
      "10.0.0.1",
      "::ffff:127.0.0.1",
      "64:ff9b::7f00:1",
      "fe80::1%eth0",
      "",
      "x",
    ]
  ) {
    for (const answer of [[inside], [PUBLIC, inside], [inside, PUBLIC]]) {
      const names = flipping(answer);
      assert(/^Not sent/.test(await send(names)), `${answer}`);
      assertEquals(names.asked.length, 1);
    }
  }
  // It was public as it was looked up: that very address is connected to, and the name asked no more.
  const names = flipping([PUBLIC], ["127.0.0.1"]);
  assert(!/^(Not sent|sent)/.test(await send(names)));
  assertEquals(names.asked, ["rebind.example.com"]);
  assert(/^Not sent/.test(await send(names)), "the next message looks anew");
  assertEquals(
    await send(flipping([])),
    'Not sent: "rebind.example.com" has no address on the public internet',
  );
  assertEquals(canary.connections, 0);
});

Deno.test("CHK-27 through the job: a flipping name is tried again and again, and leads nowhere", async () => {
  await using desk = await openDesk();
  using canary = openCanary();
  const admin = await desk.register();
  const names = flipping(["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["::1"]);
  desk.services.webhooks = createWebhookSender({
    allowPrivate: false,
    timeoutMs: 300,
    resolve: names.resolve,
  });
  const url = `https://rebind.example.com:${canary.port}/`;
  const endpoint = await admin.post("/webhook-endpoints", { url });
  const { body } = await admin.post(`/webhook-endpoints/${endpoint.body.id}/test`);
  for (let attempt = 0; attempt < 4; attempt++) {
    assertEquals(await drainJobs(desk.services, { kinds: { webhook: JOB_KINDS.webhook! } }), {
      done: 0,
      skipped: 0,
      failed: 1,
    });
    await desk.look("update jobs set run_at = now()");
  }
  const read = await admin.get(`/webhook-endpoints/${endpoint.body.id}/deliveries/${body.id}`);
  assertEquals([read.body.state, read.body.attemptLog.length], ["retrying", 4]);
  assertEquals(
    new Set(read.body.attemptLog.map(({ error }: { error: string }) => error)),
    new Set([
      'Not sent: "rebind.example.com" has no address on the public internet',
    ]),
  );
  assertEquals(names.asked.length, 4);
  assertEquals(canary.connections, 0);
});

Deno.test("CHK-27 a webhook's error doesn't tell which names an internal network has", async () => {
  const answers: Record<string, () => Promise<Resolved[]>> = {
    "no such name": () => Promise.reject(Object.assign(new Error("ENOTFOUND"), { code: "ENOTFOUND" })),
    "no address": () => Promise.resolve([]),
    "an internal address": () => Promise.resolve([{ address: "10.1.2.3", family: 4 }]),
    "a mixture": () => Promise.resolve([{ address: PUBLIC, family: 4 }, { address: "fd00::1", family: 6 }]),
  };
  const said = await Promise.all(
    Object.values(answers).map(async (resolve) => {
      const sender = createWebhookSender({ allowPrivate: false, resolve });
      return await sender.send(request("https://db.corp.example/"), { signal }).catch((error) =>
        error.message
      );
    }),
  );
  assertEquals(said, said.map(() => 'Not sent: "db.corp.example" has no address on the public internet'));
});

Deno.test("the connection goes to the address that was looked up, under the name and certificate of the URL", async () => {
  const file = (name: string) => Deno.readTextFile(new URL(`../helpers/tls/${name}`, import.meta.url));
  const [cert, key] = await Promise.all([file("hooks.example.test.crt"), file("hooks.example.test.key")]);
  await using receiver = openReceiver({ cert, key });
  receiver.answer = () => new Response("thanks", { status: 201 });
  const { port } = new URL(receiver.url);
  const names = flipping(["127.0.0.1"]);
  const options = { allowPrivate: true, resolve: names.resolve };
  const url = `https://hooks.example.test:${port}/desk?x=1`;
  const answer = await createWebhookSender({ ...options, ca: cert }).send(request(url), { signal });
  assertEquals(answer, { status: 201, body: "thanks", retryAfter: null });
  assertEquals(receiver.received.map(({ host, path }) => [host, path]), [[
    `hooks.example.test:${port}`,
    "/desk?x=1",
  ]]);
  assertEquals(names.asked, ["hooks.example.test"]);
  // Nobody listens at the first address: the next of the same answer is tried, and the name not asked again.
  const two = flipping(["127.0.0.2", "127.0.0.1"], ["127.0.0.3"]);
  await createWebhookSender({ ...options, resolve: two.resolve, ca: cert }).send(request(url), { signal });
  assertEquals([two.asked.length, receiver.received.splice(1).length], [1, 1]);
  const untrusted = createWebhookSender(options);
  await assertRejects(() => untrusted.send(request(url), { signal }), /signed by nobody that is trusted/);
  const other = createWebhookSender({ ...options, ca: cert });
  const wrong = `https://other.example.test:${port}/`;
  await assertRejects(() => other.send(request(wrong), { signal }), /belongs to another name/);
  assertEquals(receiver.received.length, 1);
});

Deno.test("public addresses are those of the public internet alone", () => {
  for (const address of ["1.1.1.1", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700::1111"]) {
    assert(isPublicAddress(address), address);
  }
  for (
    const address of [
      "192.0.2.1",
      "203.0.113.9",
      "198.51.100.1",
      "192.88.99.1",
      "3fff::1",
      "5f00::1",
      "2001:20::1",
    ]
  ) {
    assert(!isPublicAddress(address), address);
  }
});

Deno.test("CHK-27 where the network inside is allowed, what a cloud knows of the machine is still out of reach", async () => {
  const refused = ["169.254.169.254", "fe80::1", "0.0.0.0", "::", "::ffff:169.254.169.254", "fd00:ec2::254"];
  for (const address of refused) {
    assert(!maySendTo(address, { allowPrivate: true }), address);
    const host = address.includes(":") ? `[${address}]` : address;
    assert(urlProblem(`http://${host}/`, { allowPrivate: true }) !== null, host);
    const family = address.includes(":") ? 6 : 4;
    const sender = createWebhookSender({
      allowPrivate: true,
      timeoutMs: 300,
      resolve: () => Promise.resolve([{ address, family }]),
    });
    const { signal } = new AbortController();
    await assertRejects(() => sender.send(request("http://inside.example/"), { signal }), /Not sent/);
  }
  for (const address of ["127.0.0.1", "10.1.2.3", "fd12::1", "93.184.216.34"]) {
    assert(maySendTo(address, { allowPrivate: true }), address);
  }
});
