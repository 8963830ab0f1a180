/** Every number of every report, counted a second time from what was recorded. The demo's are in demo_test.ts. */
import { Random } from "@/cli/demo/random.ts";
import { ALL_REPORTS } from "@/domain/reports/definitions/all.ts";
import { assert } from "@/tests/helpers/assert.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { openPlace } from "@/tests/helpers/random_place.ts";
import { RandomTicket } from "@/tests/helpers/random_tickets.ts";
import { writeTickets } from "@/tests/helpers/raw_tickets.ts";
import { assertNone, differences, placeOf } from "@/tests/helpers/twice.ts";

const ZONES = ["Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"];
const IN_EACH = 50;

Deno.test("every number of 200 random histories is what their rows come to", async (t) => {
  const given = Deno.env.get("REPORTS_SEED");
  const seed = given === undefined ? crypto.getRandomValues(new Uint32Array(1))[0]! : Number(given);
  await using desk = await openDesk();
  const seen = new Set<string>();
  for (const [i, zone] of ZONES.entries()) {
    await t.step(zone, async () => {
      const random = new Random(seed + i);
      const place = await openPlace(desk, zone, Date.now());
      const tickets: RandomTicket[] = [];
      while (tickets.length < IN_EACH) {
        const ticket = new RandomTicket(place, random);
        if (tickets.length > 0 || !ticket.merged) tickets.push(ticket);
      }
      await writeTickets(place, tickets);
      const [first, second] = place.changes.map((at) =>
        Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate()
      ) as [Temporal.PlainDate, Temporal.PlainDate];
      const around = (day: Temporal.PlainDate, before: number, after: number) => ({
        from: day.subtract({ days: before }).toString(),
        to: day.add({ days: after }).toString(),
      });
      const counted = await placeOf(desk, place.tenantId);
      const lines = await differences(counted, [
        { ...around(first, 9, 12), compare: "previous" },
        { from: first.subtract({ days: 14 }).toString(), interval: "week", timeZone: ZONES.at(i - 1) },
      ], [
        { ...around(second, 3, 3), interval: "day", compare: "year" },
        { ...around(second, 20, 5), interval: "month", timeZone: ZONES.at(i - 2), compare: "previous" },
      ]);
      assertNone(lines, `with REPORTS_SEED=${seed}`);
      for (const measure of counted.seen) seen.add(measure);
    });
  }
  const missing = ALL_REPORTS.flatMap(({ name, measures }) =>
    measures.map((measure) => `${name} ${measure.name}`).filter((measure) => !seen.has(measure))
  );
  assert(missing.length <= 3, `Never more than nothing: ${missing.join(", ")}`);
});
