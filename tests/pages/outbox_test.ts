import { drainJobs } from "@/tests/helpers/jobs.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { type PageAnswer, PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const tabs = (page: PageAnswer) =>
  Array.from(
    page.document.querySelectorAll(".tabs a"),
    (a) => `${a.textContent}${a.getAttribute("aria-current") === "page" ? " *" : ""}`,
  );

const rows = (page: PageAnswer) => page.document.querySelectorAll("tbody tr").length;

Deno.test("the outbox page: tabs with counts, errors, and trying again by form alone", async (t) => {
  await using scene = await openScene();
  const { desk, admin, requester } = scene;
  desk.services.wake = () => {};
  const { mail } = desk.services;
  let broken = true;
  desk.services.mail = {
    ...mail,
    send: () =>
      broken ? Promise.reject(new Error("Mailbox <b>full</b>")) : Promise.resolve({ providerId: null }),
  };
  await desk.look("truncate outbox, jobs cascade");
  const browser = await PageClient.signedIn(admin);

  await t.step("empty, it says what would be here", async () => {
    const page = await browser.get("/admin/outbox");
    assertEquals([page.status, textOf(page, ".empty h2")], [200, "No messages sent yet"]);
    assertEquals(textOf(await browser.get("/admin/outbox?state=failed"), ".empty h2"), "No failed messages");
    assertEquals(page.document.querySelector("form[action='/admin/outbox/retry']"), null);
  });
  await t.step("what failed comes first, with its error, escaped", async () => {
    const ticket = await raise(requester, { title: "Canary title" });
    await raise(requester);
    await desk.look("update jobs set attempts = 8");
    await drainJobs(desk.services);
    const page = await browser.get("/admin/outbox");
    assertEquals(tabs(page), ["Failed2 *", "Retrying0", "Queued0", "In progress0", "Done0", "Not sent0"]);
    assertEquals([rows(page), textOf(page, ".outbox-note")], [2, "Mailbox <b>full</b>"]);
    assert(page.document.querySelector(`a[href='/tickets/${ticket.key}']`));
    assert(!page.html.includes("Canary"));
  });
  await t.step("one is tried again; it is sent; a second press says so", async () => {
    const page = await browser.get("/admin/outbox");
    const form = page.document.querySelector("tbody form")!.getAttribute("action")!;
    broken = false;
    const after = await browser.follow(await browser.submit(page, `form[action='${form}']`));
    assertEquals(tabs(after), ["Failed1 *", "Retrying0", "Queued1", "In progress0", "Done0", "Not sent0"]);
    assert(/^Sending the message to .+ again$/.test(textOf(after, ".flash-region")));
    await drainJobs(desk.services);
    const again = await browser.follow(await browser.submit(page, `form[action='${form}']`));
    assertEquals(tabs(again), ["Failed1 *", "Retrying0", "Queued0", "In progress0", "Done1", "Not sent0"]);
  });
  await t.step("all that failed are tried again", async () => {
    const page = await browser.get("/admin/outbox");
    const after = await browser.follow(await browser.submit(page, "form[action='/admin/outbox/retry']"));
    assertEquals(tabs(after), ["Failed0", "Retrying0", "Queued1 *", "In progress0", "Done1", "Not sent0"]);
    await drainJobs(desk.services);
    const sent = await browser.get("/admin/outbox");
    assertEquals([tabs(sent)[4], rows(sent)], ["Done2 *", 2]);
  });
  await t.step("an address that can't be read is answered as such; pages follow one another", async () => {
    const wrong = await browser.get("/admin/outbox?state=lost");
    assertEquals(wrong.status, 422);
    assert(textOf(wrong, ".form-errors") !== "");
    const page = await browser.get("/admin/outbox?state=sent&limit=1");
    const next = page.document.querySelector(".pager-links a:last-child")!.getAttribute("href")!;
    assertEquals(rows(await browser.get(`${next}&limit=1`)), 1);
  });
});

Deno.test("A14 an email is called what became of it, whatever transport is set up when one looks", async () => {
  await using scene = await openScene();
  const { desk, admin, requester } = scene;
  const { mail } = desk.services;
  await drainJobs(desk.services);
  await desk.look("truncate outbox, jobs cascade");
  // Where emails are sent, an address that isn't proved gets few.
  await desk.look("update users set email_verified_at = now()");
  const browser = await PageClient.signedIn(admin);
  const badges = async () => {
    const { document } = await browser.get("/admin/outbox?state=sent");
    return Array.from(document.querySelectorAll("tbody .badge"), (badge) => badge.textContent?.trim());
  };
  const deliveries = async () =>
    (await admin.get("/outbox?state=sent")).body.items.map(({ delivery }: { delivery: string }) => delivery);
  const sendOne = async () => {
    await raise(requester);
    await drainJobs(desk.services);
  };
  await sendOne();
  assertEquals([await badges(), await deliveries()], [["Saved as a file"], ["saved"]]);
  desk.services.mail = { ...mail, delivers: true, send: () => Promise.resolve({ providerId: null }) };
  await sendOne();
  const both = [["Sent", "Saved as a file"], ["sent", "saved"]];
  assertEquals([await badges(), await deliveries()], both);
  desk.services.mail = mail;
  assertEquals([await badges(), await deliveries()], both);
});

Deno.test("emails of before their delivery was kept, and one that another transport sends after a crash, are called what they were", async () => {
  await using scene = await openScene();
  const { desk, admin, requester } = scene;
  const { mail } = desk.services;
  await drainJobs(desk.services);
  await desk.look("truncate outbox, jobs cascade");
  await desk.look("update users set email_verified_at = now()");
  await raise(requester);
  await drainJobs(desk.services);
  const browser = await PageClient.signedIn(admin);
  const shown = async () => {
    const { document } = await browser.get("/admin/outbox?state=sent");
    const { id, delivery } = (await admin.get("/outbox?state=sent")).body.items[0];
    const one = (await admin.get(`/outbox/${id}`)).body;
    assertEquals(one.delivery, delivery);
    return [document.querySelector("tbody .badge")!.textContent!.trim(), delivery];
  };
  const sending = { ...mail, delivers: true, send: () => Promise.resolve({ providerId: null }) };
  await desk.look("update outbox set delivery = null, provider_id = null");
  assertEquals(await shown(), ["Saved as a file", "saved"]);
  desk.services.mail = sending;
  assertEquals(await shown(), ["Sent", null]);
  desk.services.mail = mail;
  await desk.look("update outbox set provider_id = 'Q1'");
  assertEquals(await shown(), ["Sent", null]);
  await desk.look("update outbox set delivery = 'saved', provider_id = null");
  await desk.look("update jobs set state = 'ready', finished_at = null, attempts = 0, run_at = now()");
  desk.services.mail = sending;
  await drainJobs(desk.services);
  assertEquals(await shown(), ["Sent", "sent"]);
  desk.services.mail = mail;
  assertEquals(await shown(), ["Sent", "sent"]);
});
