import { log } from "@/log.ts";
import type { Services } from "@/ports.ts";
import { EVERY_HOUR, EVERY_MINUTE, type ScheduledJob } from "./schedule.ts";

const HALF_MINUTE_MS = 30_000;

/** Runs the scheduled jobs at their times. `stop` starts nothing more, and resolves when what runs has ended. */
export function startCron(services: Services): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Set<Promise<void>>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const run = (job: ScheduledJob): Promise<void> => {
    const done = guarded(job, services, signal).finally(() => running.delete(done));
    running.add(done);
    return done;
  };
  const runLater = (job: ScheduledJob) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run(job);
    }, HALF_MINUTE_MS);
    timers.add(timer);
  };
  for (const [schedule, jobs] of [["* * * * *", EVERY_MINUTE], ["17 * * * *", EVERY_HOUR]] as const) {
    for (const job of jobs) {
      // Rejects when it is stopped, which is no error.
      Deno.cron(job.name, schedule, { signal }, () => {
        if (job.twice) runLater(job);
        return run(job);
      }).catch(() => {});
    }
  }
  return {
    async stop() {
      stopping.abort();
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}

/** A job that fails is logged and runs again at its next time; it never ends the process (REL-08). */
async function guarded({ name, run }: ScheduledJob, services: Services, signal: AbortSignal): Promise<void> {
  const request = { requestId: name.replaceAll(" ", "-"), ip: "", userAgent: "", services };
  try {
    await run(request, signal);
  } catch (error) {
    log("error", "Job failed", { job: name, error });
  }
}
