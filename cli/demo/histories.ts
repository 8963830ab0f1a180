import { type Priority, priorityOf } from "@/domain/tickets/model/priority.ts";
import type { PendingReason, Status } from "@/domain/tickets/model/states.ts";
import { DEMO_PEOPLE, type DemoPerson } from "./people.ts";
import { Random } from "./random.ts";
import { STORIES, type Story, WORDS } from "./stories.ts";

/** `at` is in milliseconds since 1970; `by` is an email address. */
export type DemoEvent =
  & { at: number; by: string }
  & (
    | { kind: "assign"; to: string }
    | { kind: "say"; visibility: "public" | "internal"; body: string }
    | { kind: "move"; to: Status; note?: string; reason?: PendingReason }
    | { kind: "rate"; score: number; comment: string }
  );

export interface DemoHistory {
  story: Story;
  title: string;
  description: string;
  requester: string;
  priority: Priority;
  at: number;
  /** Sorted by time, none in the future. */
  events: DemoEvent[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Median time to the first reply, in business minutes. */
const ANSWERS_IN: Record<Priority, number> = { urgent: 12, high: 45, medium: 130, low: 320 };
/** Median time to the resolution after that. */
const DONE_IN: Record<Priority, number> = { urgent: 150, high: 420, medium: 1100, low: 2300 };

/**
 * Plausible ticket histories, oldest first, reproducible by seed.
 *
 * @param options how many, over how many days until `now` (milliseconds since 1970)
 */
export function demoHistories(
  { count, days, now, seed = 7 }: { count: number; days: number; now: number; seed?: number },
): DemoHistory[] {
  const random = new Random(seed);
  const starts = Array.from({ length: count }, () => workTime(now - random.next() * days * DAY, random))
    .map((at) => Math.min(at, now - random.next() * HOUR)).sort((a, b) => a - b);
  return starts.map((at) => historyOf(at, { now, random }));
}

interface Telling {
  now: number;
  random: Random;
}

const REQUESTERS = DEMO_PEOPLE.filter(({ role }) => role === "REQUESTER");

function historyOf(at: number, { now, random }: Telling): DemoHistory {
  const story = random.pick(STORIES);
  const words = Object.fromEntries(Object.entries(WORDS).map(([name, list]) => [name, random.pick(list)]));
  const fill = (text: string) => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => words[name]!);
  const priority = random.chance(0.08) ? "urgent" : priorityOf(story.impact, story.urgency);
  const requester = random.pick(REQUESTERS).email;
  const events = whatHappened({ story, priority, requester, at, fill }, { now, random });
  return {
    story,
    title: capitalised(fill(random.pick(story.titles))),
    description: fill(random.pick(story.descriptions)),
    requester,
    priority,
    at,
    events: events.filter((event) => event.at <= now),
  };
}

interface Plot {
  story: Story;
  priority: Priority;
  requester: string;
  at: number;
  fill: (text: string) => string;
}

function whatHappened({ story, priority, requester, at, fill }: Plot, { now, random }: Telling): DemoEvent[] {
  const agent = agentOf(story.queue, random).email;
  const events: DemoEvent[] = [];
  if (random.chance(0.04)) {
    const later = workTime(at + random.around(6 * HOUR), random);
    return [{ at: later, by: requester, kind: "move", to: "cancelled" }];
  }
  let time = workTime(at + random.around(ANSWERS_IN[priority] * MINUTE) * 0.5, random);
  events.push({ at: time, by: agent, kind: "assign", to: agent });
  time = workTime(time + random.around(ANSWERS_IN[priority] * MINUTE) * 0.5, random);
  const talk = random.pick(story.talk);
  events.push({ at: time, by: agent, kind: "say", visibility: "public", body: fill(talk.ask) });
  events.push({ at: time + 20_000, by: agent, kind: "move", to: "in_progress" });
  if (talk.note) {
    time = workTime(time + random.around(40 * MINUTE), random);
    events.push({ at: time, by: agent, kind: "say", visibility: "internal", body: fill(talk.note) });
  }
  if (random.chance(0.55)) {
    events.push({ at: time + 60_000, by: agent, kind: "move", to: "pending", reason: "requester" });
    time = workTime(time + random.around(5 * HOUR), random);
    events.push({ at: time, by: requester, kind: "say", visibility: "public", body: fill(talk.answer) });
    events.push({ at: time, by: requester, kind: "move", to: "open" });
    time = workTime(time + random.around(30 * MINUTE), random);
    events.push({ at: time, by: agent, kind: "move", to: "in_progress" });
  }
  if (random.chance(0.12)) {
    events.push({ at: time + 60_000, by: agent, kind: "move", to: "pending", reason: "vendor" });
    time = workTime(time + random.around(2.5 * DAY), random);
    events.push({ at: time, by: agent, kind: "move", to: "in_progress" });
  }
  // Some stay open: the backlog.
  if (random.chance(0.05) && at > now - 30 * DAY) return events;
  time = workTime(time + random.around(DONE_IN[priority] * MINUTE), random);
  return [
    ...events,
    ...itsEnd({ agent, requester, time, note: fill(random.pick(story.resolutions)) }, random),
  ];
}

function itsEnd(
  { agent, requester, time, note }: { agent: string; requester: string; time: number; note: string },
  random: Random,
): DemoEvent[] {
  const events: DemoEvent[] = [{ at: time, by: agent, kind: "move", to: "resolved", note }];
  if (random.chance(0.06)) {
    time = workTime(time + random.around(8 * HOUR), random);
    events.push({ at: time, by: requester, kind: "say", visibility: "public", body: random.pick(AGAIN) });
    events.push({ at: time, by: requester, kind: "move", to: "open" });
    time = workTime(time + random.around(6 * HOUR), random);
    events.push({ at: time, by: agent, kind: "move", to: "resolved", note: random.pick(AT_LAST) });
  }
  if (random.chance(0.4)) {
    const score = random.pick([5, 5, 5, 5, 4, 4, 4, 3, 2, 1]);
    const comment = random.chance(0.3)
      ? random.pick(score >= 4 ? PRAISE : score === 3 ? MIDDLING : BLAME)
      : "";
    events.push({
      at: workTime(time + random.around(10 * HOUR), random),
      by: requester,
      kind: "rate",
      score,
      comment,
    });
  }
  events.push({ at: time + 5 * DAY, by: "", kind: "move", to: "closed" });
  return events.sort((a, b) => a.at - b.at);
}

const AGAIN = ["It is back since this morning, sorry.", "It worked for an hour, then the same again."];
const AT_LAST = [
  "There was a second cause; both are fixed now.",
  "Done again, and watched for a day this time.",
];
const PRAISE = [
  "Quick and friendly, thank you!",
  "Solved while I fetched a coffee.",
  "Clear explanation, thanks.",
];
const MIDDLING = ["It worked out, but I had to ask twice.", "Fine in the end."];
const BLAME = ["Took far too long.", "I was asked the same thing three times."];

function agentOf(queue: string, random: Random): DemoPerson {
  return random.pick(DEMO_PEOPLE.filter(({ queues }) => queues.includes(queue)));
}

/** Moves a time into business hours, Monday to Friday from 8 to 18 UTC. */
function workTime(time: number, random: Random): number {
  const date = new Date(time);
  const hour = date.getUTCHours();
  if (hour >= 18) date.setUTCDate(date.getUTCDate() + 1);
  if (hour < 8 || hour >= 18) date.setUTCHours(8, 0, 0, Math.floor(random.next() * 90 * MINUTE));
  while (date.getUTCDay() % 6 === 0) date.setUTCDate(date.getUTCDate() + 1);
  return date.getTime();
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
