/** The measures of every report, counted a second time, from what happened to each ticket. */
import type { ReportName } from "@/domain/reports/model/names.ts";
import type { Metric } from "@/domain/sla/clock/ledger.ts";
import type { Stay, Story } from "./naive_history.ts";

const DAY = 86_400_000;

/** Something that counts: at a time, or from one to another. */
export interface Item {
  story: Story;
  at?: number;
  from?: number;
  to?: number;
  /** Where it isn't the ticket's present one. */
  queue?: string;
  agent?: string;
  value?: number | null;
}

type Times = (items: Item[]) => number | null;

interface NaiveMeasure {
  items: Item[];
  of: Times;
  /** Of what lasts: which of those at a time. */
  at?: (item: Item, time: number) => boolean;
}

export type Measures = Record<string, NaiveMeasure | { part: string; whole: string[] }>;

const tickets: Times = (items) => new Set(items.map(({ story }) => story.id)).size;
const values = (items: Item[]) =>
  items.flatMap(({ value }) => value === null || value === undefined ? [] : [value]);
export const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
const average: Times = (items) => {
  const all = values(items);
  return all.length === 0 ? null : sum(all) / all.length;
};
/** The smallest of the values that so many of them are at most. */
const rank = (share: number): Times => (items) => {
  const all = values(items).sort((a, b) => a - b);
  return all.find((_, i) => (i + 1) / all.length >= share) ?? null;
};
const minutes = (time: Times): Times => (items) => {
  const found = time(items);
  return found === null ? null : found / 60_000;
};

const count = (items: Item[]): NaiveMeasure => ({ items, of: tickets });
const share = (part: string, ...whole: string[]) => ({ part, whole });
const times = (prefix: string, items: Item[]): Measures => ({
  [`${prefix}P50`]: { items, of: minutes(rank(0.5)) },
  [`${prefix}P90`]: { items, of: minutes(rank(0.9)) },
  [`${prefix}Average`]: { items, of: minutes(average) },
});

function stays(stories: Story[], which: "statuses" | "queues" | "agents", key?: "queue" | "agent"): (
  & Item
  & { stay: Stay }
)[] {
  return stories.flatMap((story) =>
    story[which].map((stay) => ({
      story,
      stay,
      from: stay.from,
      to: stay.to,
      ...(key ? { [key]: stay.held } : {}),
    }))
  );
}

const standing = (story: Story) => story.resolutions.filter(({ undone }) => !undone);

/** The measures of a report, by their names. */
export function measuresOf(name: ReportName, stories: Story[]): Measures {
  const created = stories.map((story): Item => ({ story, at: story.created }));
  const resolved = stories.flatMap((story) =>
    standing(story).map(({ at, agent }): Item => ({ story, at, agent }))
  );
  const reopened = stories.flatMap((story): Item[] =>
    story.reopened === null ? [] : [{ story, at: story.reopened }]
  );
  const resolutions = stories.flatMap((story) =>
    story.resolutions.map(({ at, agent, undone }) => ({ story, at, agent, undone }))
  );
  const open = stays(stories, "statuses");
  const took = (items: Item[], value: (item: Item) => number | null): Item[] =>
    items.map((item) => ({ ...item, value: value(item) }));
  const elapsed = (items: Item[]) => took(items, ({ story, at }) => at! - story.created);
  switch (name) {
    case "volume":
      return { created: count(created), resolved: count(resolved), reopened: count(reopened) };
    case "backlog": {
      const of = (status: string) => count(open.filter(({ stay }) => stay.held === status));
      const aged = (over: number, upTo: number): NaiveMeasure => ({
        items: open,
        of: tickets,
        at: ({ story }, time) => time - story.created > over * DAY && time - story.created <= upTo * DAY,
      });
      return {
        open: count(open),
        new: of("new"),
        inWork: of("open"),
        inProgress: of("in_progress"),
        pending: of("pending"),
        upToOneDay: aged(-Infinity, 1),
        upToThreeDays: aged(1, 3),
        upToOneWeek: aged(3, 7),
        upToOneMonth: aged(7, 30),
        older: aged(30, Infinity),
      };
    }
    case "first-response": {
      const first = stories.flatMap((story): Item[] => {
        const [reply] = story.replies;
        return reply ? [{ story, ...reply }] : [];
      });
      return {
        answered: count(first),
        ...times("business", took(first, ({ story }) => story.clocks.firstResponse?.metAfter ?? null)),
        ...times("elapsed", elapsed(first)),
      };
    }
    case "resolution":
      return {
        resolved: count(resolved),
        ...times("business", took(resolved, ({ story }) => story.clocks.resolution?.metAfter ?? null)),
        ...times("elapsed", elapsed(resolved)),
      };
    case "sla":
      return {
        ...attainment("reply", "firstResponse", stories),
        ...attainment("resolve", "resolution", stories),
      };
    case "breaches": {
      const shares = stories.flatMap((story) =>
        story.shares.map(({ business, ...held }) => ({ story, ...held, value: business }))
      );
      const held = (metric: Metric): NaiveMeasure => ({
        items: shares.filter((one) => one.metric === metric),
        of: minutes((items) => items.length === 0 ? null : sum(values(items))),
      });
      return {
        tickets: count(shares),
        replyMinutes: held("firstResponse"),
        resolveMinutes: held("resolution"),
      };
    }
    case "agents": {
      const held = stays(stories, "agents", "agent");
      const replies = stories.flatMap((story) => story.replies.map((reply): Item => ({ story, ...reply })));
      return {
        assigned: count(
          held.filter(({ stay }) => !stay.resumed).map(({ from, to: _, ...stay }) => ({
            ...stay,
            at: from!,
          })),
        ),
        resolved: count(resolved),
        answered: count(replies),
        replies: { items: replies, of: (items) => items.length },
        reopened: count(resolutions.filter(({ undone }) => undone)),
        load: count(held),
      };
    }
    case "queues": {
      const held = stays(stories, "queues", "queue");
      const left = held.map(({ story, queue, stay }) => ({ story, queue: queue!, at: stay.to, stay }));
      return {
        arrived: count(held.map(({ story, queue, stay }) => ({ story, queue: queue!, at: stay.from }))),
        left: count(left),
        backlog: count(held),
        ...times("held", left.map((item) => ({ ...item, value: item.stay.to - item.stay.from }))),
      };
    }
    case "categories":
      return {
        created: count(created),
        resolved: count(resolved),
        reopened: count(reopened),
        open: count(open),
        done: share("resolved", "created"),
        ...times("elapsed", elapsed(resolved)),
      };
    case "reopened":
      return {
        resolved: count(resolutions),
        reopened: count(resolutions.filter(({ undone }) => undone)),
        rate: share("reopened", "resolved"),
      };
    case "satisfaction": {
      const rated = took(resolved, ({ story }) => story.score);
      const scored = (score: number) => count(rated.filter(({ value }) => value === score));
      return {
        resolved: count(rated),
        rated: count(rated.filter(({ value }) => value !== null)),
        responseRate: share("rated", "resolved"),
        average: { items: rated, of: average },
        score1: scored(1),
        score2: scored(2),
        score3: scored(3),
        score4: scored(4),
        score5: scored(5),
      };
    }
    case "hand-offs": {
      const passed = took(resolved, ({ story }) => story.passed);
      return {
        resolved: count(passed),
        moved: count(passed.filter(({ value }) => value! > 1)),
        rate: share("moved", "resolved"),
        average: { items: passed, of: average },
        most: { items: passed, of: (items) => items.length === 0 ? null : Math.max(...values(items)) },
      };
    }
  }
}

function attainment(prefix: string, metric: Metric, stories: Story[]): Measures {
  const clocks = stories.flatMap((story) => {
    const clock = story.clocks[metric];
    return clock?.targeted ? [{ story, clock }] : [];
  });
  const over = (outcome: string) =>
    count(
      clocks.filter(({ clock }) => clock.outcome === outcome).map(({ story, clock }) => ({
        story,
        at: clock.over,
      })),
    );
  return {
    [`${prefix}Met`]: over("met"),
    [`${prefix}Breached`]: over("breached"),
    [`${prefix}Running`]: count(
      clocks.map(({ story, clock }) => ({ story, from: clock.started, to: clock.over })),
    ),
    [`${prefix}Attainment`]: share(`${prefix}Met`, `${prefix}Met`, `${prefix}Breached`),
  };
}
