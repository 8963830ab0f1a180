import { countLabel, excerpt, parseKey, ticketKey } from "@/domain/tickets/model/formatting.ts";
import { LEVELS, nextPriority, priorityOf } from "@/domain/tickets/model/priority.ts";
import {
  allowedTransitions,
  isReopening,
  STATUSES,
  transitionRefusal,
  TRANSITIONS,
} from "@/domain/tickets/model/states.ts";
import { assertEquals } from "@/tests/helpers/assert.ts";

const NOW = "2026-03-02T12:00:00.000Z";
const OPEN_WINDOW = { reopenUntil: "2026-03-03T12:00:00.000Z", now: NOW };
const PAST_WINDOW = { reopenUntil: "2026-03-01T12:00:00.000Z", now: NOW };
const staff = { staff: true, own: false, ...OPEN_WINDOW };
const owner = { staff: false, own: true, ...OPEN_WINDOW };
const other = { staff: false, own: false, ...OPEN_WINDOW };

/** The product's table, written out a second time so that a change of the code's table is noticed. */
const TABLE: Record<string, string> = {
  new: "open in_progress pending resolved cancelled",
  open: "in_progress pending resolved cancelled",
  in_progress: "open pending resolved cancelled",
  pending: "open in_progress resolved cancelled",
  resolved: "open closed",
  closed: "open",
  cancelled: "open",
};

Deno.test("allowedTransitions() gives staff the whole table and nothing else", () => {
  for (const from of STATUSES) {
    assertEquals(allowedTransitions(from, staff).join(" "), TABLE[from]);
    for (const to of STATUSES) {
      const refused = TABLE[from]!.split(" ").includes(to) ? null : "illegal";
      assertEquals([from, to, transitionRefusal(from, to, staff)], [from, to, refused]);
    }
  }
});

Deno.test("allowedTransitions() lets the person it is for cancel and reopen, and nobody else do anything", () => {
  const own = Object.fromEntries(STATUSES.map((from) => [from, allowedTransitions(from, owner).join(" ")]));
  assertEquals(own, {
    new: "cancelled",
    open: "cancelled",
    in_progress: "cancelled",
    pending: "cancelled",
    resolved: "open",
    closed: "open",
    cancelled: "open",
  });
  for (const from of STATUSES) assertEquals(allowedTransitions(from, other), []);
  assertEquals(transitionRefusal("open", "resolved", owner), "role");
});

Deno.test("refusal() closes the reopen window for everyone, but not for resolved tickets", () => {
  for (const who of [{ ...staff, ...PAST_WINDOW }, { ...owner, ...PAST_WINDOW }]) {
    assertEquals(transitionRefusal("closed", "open", who), "window");
    assertEquals(transitionRefusal("cancelled", "open", who), "window");
    assertEquals(transitionRefusal("resolved", "open", who), null);
    assertEquals(allowedTransitions("closed", who), []);
  }
});

Deno.test("isReopening() names what takes a finished ticket up again", () => {
  assertEquals(STATUSES.filter((from) => isReopening(from, "open")), ["resolved", "closed", "cancelled"]);
  assertEquals(isReopening("resolved", "closed"), false);
});

Deno.test("the picture of the states in ARCHITECTURE.md has the transitions of the table", async () => {
  const text = await Deno.readTextFile(new URL("../../ARCHITECTURE.md", import.meta.url));
  const [, drawn] = /## States of a ticket\n\n```mermaid\n(.*?)\n```/s.exec(text)!;
  const arrows = STATUSES.flatMap((from) =>
    TRANSITIONS[from].map((to) => `  ${from} --> ${to}${isReopening(from, to) ? ": reopen" : ""}`)
  );
  assertEquals(drawn!.split("\n"), ["stateDiagram-v2", "  [*] --> new", ...arrows]);
});

Deno.test("priorityOf() follows the matrix", () => {
  const matrix = LEVELS.map((impact) => LEVELS.map((urgency) => priorityOf(impact, urgency)));
  assertEquals(matrix, [["low", "low", "medium"], ["low", "medium", "high"], ["medium", "high", "urgent"]]);
});

Deno.test("nextPriority() follows impact and urgency unless somebody set it by hand", () => {
  const medium = { impact: "medium", urgency: "medium", priority: "medium" } as const;
  assertEquals(nextPriority(medium, { impact: "high", urgency: "high" }), "urgent");
  assertEquals(nextPriority({ ...medium, priority: "urgent" }, { impact: "low", urgency: "low" }), "urgent");
  assertEquals(nextPriority(medium, { impact: "high", urgency: "high", priority: "low" }), "low");
});

Deno.test("ticketKey() and parseKey() go both ways", () => {
  assertEquals(ticketKey("incident", 1042), "INC-1042");
  assertEquals(ticketKey("service_request", 1043), "REQ-1043");
  assertEquals(
    ["inc-1042", "REQ-7", " INC-7", "INC-7\u2003", "INC-", "INC-1a", "1042", "INC-1234567890123456"].map(
      parseKey,
    ),
    [
      1042,
      7,
      null,
      null,
      null,
      null,
      null,
      null,
    ],
  );
});

Deno.test("excerpt() and countLabel() shorten for people", () => {
  assertEquals(excerpt("  one\n\ntwo\tthree "), "one two three");
  assertEquals(excerpt("word ".repeat(20), 12), "word word…");
  assertEquals(excerpt(`${"a".repeat(11)}😀tail`, 12).isWellFormed(), true);
  assertEquals(countLabel({ count: 1000, capped: true }), "1,000+");
  assertEquals(countLabel({ count: 3, capped: false }), "3");
});
