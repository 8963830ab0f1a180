import type { MailedReport } from "@/domain/reports/saved/mailed_report.ts";

const ID = "0199f3a0-0000-7000-8000-000000000000";
const AT = "2026-11-24T09:00:00.000Z";
const BEA = { id: ID, name: "Bea Kowalczyk" };

const WEEK = {
  from: "2026-11-16",
  to: "2026-11-22",
  start: "2026-11-15T23:00:00.000Z",
  until: "2026-11-22T23:00:00.000Z",
};

/** A report of made-up figures. */
export const SAMPLE_REPORT: MailedReport = {
  saved: {
    id: ID,
    name: "How the week went",
    owner: BEA,
    shared: true,
    report: "volume",
    query: { period: "last-week", priority: ["high", "urgent"] },
    outdated: false,
    schedule: { every: "week", weekday: "monday", hour: 8 },
    recipients: [BEA],
    nextRunAt: AT,
    lastResult: null,
    editable: true,
    version: 1,
    createdAt: AT,
    updatedAt: AT,
  },
  result: {
    name: "volume",
    title: "Volume",
    question: "How much comes in, and how much is done?",
    by: { name: "time", label: "Day" },
    sort: "key",
    measures: [
      { name: "created", label: "Created", unit: "tickets", help: "", moreIs: null },
      { name: "resolved", label: "Resolved", unit: "tickets", help: "", moreIs: "good" },
      { name: "reopened", label: "Reopened", unit: "tickets", help: "", moreIs: "bad" },
    ],
    headline: "created",
    chart: { kind: "line", measures: ["created", "resolved"] },
    filters: {
      period: WEEK,
      preset: "custom",
      timeZone: "Europe/Berlin",
      interval: "day",
      comparison: {
        kind: "previous",
        from: "2026-11-09",
        to: "2026-11-15",
        start: "2026-11-08T23:00:00.000Z",
        until: "2026-11-15T23:00:00.000Z",
      },
      filter: {
        queueId: [],
        categoryId: [],
        priority: ["high", "urgent"],
        assigneeId: [],
        type: [],
        source: [],
        tag: [],
      },
      lines: [{ label: "Priority", value: "High, Urgent" }],
    },
    rows: [],
    total: {
      key: "total",
      label: "Total",
      values: { created: 1_204, resolved: 1_180, reopened: 12 },
      previous: { created: 1_120, resolved: 1_180, reopened: 0 },
      links: {},
    },
    madeAt: AT,
    madeBy: "Daniel Okafor",
    organisation: "Northwind Logistics",
    complete: true,
    partial: false,
  },
  search: new URLSearchParams({ from: WEEK.from, to: WEEK.to, compare: "previous" }),
  zone: "Europe/Berlin",
  subscribed: true,
};
