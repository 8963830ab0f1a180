/** Processor time of a process since its start, in milliseconds; 0 where the system has no /proc. */
export async function processCpu(pid: number): Promise<number> {
  const { own } = await times(pid);
  return own;
}

/** Processor time of a PostgreSQL server with all of its processes, those that ended included, in milliseconds. */
export async function databaseCpu(postmaster: number): Promise<number> {
  const list = await output("ps", ["-o", "pid=", "--ppid", String(postmaster)]);
  const children = list.split(/\s+/).filter(Boolean).map(Number);
  const { own, ended } = await times(postmaster);
  const each = await Promise.all(children.map(processCpu));
  return each.reduce((sum, ms) => sum + ms, own + ended);
}

/** Processor time of everything that runs on this machine, and what the host of a virtual one took, in milliseconds. */
export async function machineCpu(): Promise<number> {
  // proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal.
  const [user, nice, system, , , irq, softirq, steal] = (await output("head", ["-n1", "/proc/stat"]))
    .trim().split(/\s+/).slice(1).map(Number);
  return [user, nice, system, irq, softirq, steal].reduce<number>((sum, ticks) => sum + (ticks ?? 0) * 10, 0);
}

/** Resident memory of a process, in MiB. */
export async function residentMiB(pid: number): Promise<number> {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(await output("cat", [`/proc/${pid}/status`]))?.[1]) / 1024;
}

/** From proc_pid_stat(5): utime and stime are fields 14 and 15, cutime and cstime 16 and 17, in ticks of 10 ms. */
async function times(pid: number): Promise<{ own: number; ended: number }> {
  const stat = await output("cat", [`/proc/${pid}/stat`]);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ").map(Number);
  const sum = (from: number) => ((fields[from] ?? 0) + (fields[from + 1] ?? 0)) * 10;
  return { own: sum(11), ended: sum(13) };
}

/** The runtime keeps /proc to those who may do everything, which no task here may; `cat` may read it. */
async function output(command: string, args: string[]): Promise<string> {
  return new TextDecoder().decode(
    (await new Deno.Command(command, { args, stderr: "null" }).output()).stdout,
  );
}
