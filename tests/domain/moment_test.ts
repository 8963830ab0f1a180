import { instantOf, moment } from "@/domain/shared/moment.ts";
import { assertEquals } from "@/tests/helpers/assert.ts";

const reader = { locale: "en-GB", timeZone: "Europe/Berlin" };
const now = "2026-11-22T12:00:00.000Z";

Deno.test("moment() words the distance by the largest unit that fits, and far ones by date", () => {
  const relative = (iso: string) => moment(iso, reader, now).relative;
  assertEquals(relative("2026-11-22T11:59:50.000Z"), "10 sec ago");
  assertEquals(relative("2026-11-22T11:01:00.000Z"), "59 min ago");
  assertEquals(relative("2026-11-22T09:00:00.000Z"), "3 hr ago");
  assertEquals(relative("2026-11-21T11:00:00.000Z"), "yesterday");
  assertEquals(relative("2026-11-24T12:00:00.000Z"), "in 2 days");
  assertEquals(relative("2026-09-01T12:00:00.000Z"), "1 Sept 2026");
});

Deno.test("moment() gives the time on the reader's clock", () => {
  assertEquals(moment("2026-07-01T22:30:00.000Z", reader, now).absolute, "2 Jul 2026, 00:30");
});

Deno.test("instantOf() reads a local time in the reader's zone, daylight saving included", () => {
  assertEquals(instantOf("2026-07-01T09:00", "Europe/Berlin"), "2026-07-01T07:00:00.000Z");
  assertEquals(instantOf("2026-12-01T09:00", "Europe/Berlin"), "2026-12-01T08:00:00.000Z");
  assertEquals(instantOf("soon", "Europe/Berlin"), null);
});
