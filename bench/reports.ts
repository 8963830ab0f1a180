import { startEmbedded } from "@/db/embedded/mod.ts";
import { act, type RequestInfo, type UserCx } from "@/domain/cx.ts";
import { ALL_REPORTS } from "@/domain/reports/definitions/all.ts";
import { readHeadlines } from "@/domain/reports/headlines.ts";
import { ReportQuery } from "@/domain/reports/model/parameters.ts";
import { runReport } from "@/domain/reports/run.ts";
import { parse } from "@/domain/validation.ts";
import { asAdmin, placeOf } from "./cluster.ts";
import { databaseCpu } from "./cpu.ts";
import { openInProcess } from "./in_process.ts";
import { figure, print, progress, table } from "./print.ts";
import { dropIndexes, seed, type SeededTenant } from "./seed.ts";
import { seedFacts } from "./seed_reports.ts";

/** What a report of 90 days, and of a year, may cost, in milliseconds of the database's processor. */
const BARS = { "last-90-days": 300, "last-365-days": 1_000 } as const;
const TURNS = 3;
const FACTS = ["report_tickets", "report_stays", "report_acts", "report_breaches"];

/**
 * What every report costs the database, by each of its dimensions, in a tenant of `tickets` tickets of two years, and
 * prints it. @returns whether all meet their bars
 */
export async function checkReports(dir: string, tickets: number): Promise<boolean> {
  const dataDir = `${dir}/data`;
  await Deno.mkdir(dataDir, { mode: 0o755 });
  const settings = {
    fsync: "off",
    full_page_writes: "off",
    max_wal_size: "8GB",
    maintenance_work_mem: "1GB",
  };
  const server = await startEmbedded({ dataDir, log: () => {}, settings });
  try {
    const place = placeOf(server);
    await using app = await openInProcess(dataDir, place);
    const [tenant] = await asAdmin(place, async (admin) => {
      const tenants = await seed(admin, [{ tenants: 1, tickets, silent: true }], "");
      const rebuild = await dropIndexes(admin, FACTS);
      await seedFacts(admin, tenants[0]!.id);
      await rebuild();
      return tenants;
    });
    progress(`filled ${figure(tickets)} tickets`);
    const request = { requestId: "bench", ip: "127.0.0.1", userAgent: "bench", services: app.services };
    return await measure(request, tenant!, place.pid);
  } finally {
    await server.stop();
  }
}

async function measure(request: RequestInfo, tenant: SeededTenant, postmaster: number): Promise<boolean> {
  const asManager = <T>(fn: (cx: UserCx) => Promise<T>) =>
    act(request, { kind: "system", tenantId: tenant.id }, (cx) =>
      fn({
        ...cx,
        actor: {
          ...{ id: tenant.agents[0]!.userId, name: "Bench", email: "bench@bench.example", role: "MANAGER" },
          ...{ locale: "en", timeZone: "UTC", theme: "system", queueIds: [] },
        },
      } as UserCx));
  /** Milliseconds of the database's processor, the least of some turns: others work on the machine too. */
  const cost = async (fn: (cx: UserCx) => Promise<unknown>) => {
    const turns: number[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      const before = await databaseCpu(postmaster);
      await asManager(fn);
      turns.push(await databaseCpu(postmaster) - before);
    }
    return Math.min(...turns);
  };
  const rows: (string | number)[][] = [];
  let good = true;
  for (const report of ALL_REPORTS) {
    for (const by of report.dimensions) {
      const row: (string | number)[] = [`${report.name} by ${by}`];
      for (const [period, bar] of Object.entries(BARS)) {
        const query = parse(ReportQuery, { period, by, ...(by === "time" ? { interval: "day" } : {}) });
        const ms = await cost((cx) => runReport(cx, report.name, query));
        good &&= ms <= bar;
        row.push(`${figure(ms)}${ms <= bar ? "" : " **over**"}`);
      }
      rows.push(row);
      progress(row.join("  "));
    }
  }
  rows.push(["the grid of all, 30 days", figure(await cost((cx) => readHeadlines(cx, "last-30-days"))), ""]);
  print("\nReports of one tenant, milliseconds of the database's processor:\n");
  print(table(["report", "90 days (≤ 300)", "a year (≤ 1,000)"], rows));
  return good;
}
